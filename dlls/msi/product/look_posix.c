/*
 * On the host paths of products mean nothing until a program says what their drives are (look_use);
 * before, they are the host's own.
 */
#include "look.h"

#include <stdatomic.h>

#include "look_host.h"
#include "os.h"
#include "utf16.h"

static _Atomic(const struct look_host *) used;

void look_use(const struct look_host *host)
{
    atomic_store_explicit(&used, host, memory_order_release);
}

const struct look_host *look_host(void)
{
    return atomic_load_explicit(&used, memory_order_acquire);
}

bool look_exists(const char16_t *path)
{
    const struct look_host *h = look_host();

    return h ? h->kind(path) != 0 : os_exists(path);
}

/* What no program's drives have is the host's own. */
bool look_os_path(const char16_t *path, char16_t *out)
{
    const struct look_host *h = look_host();

    if (h && h->path(path, out, LOOK_PATH) && os_exists(out))
        return true;
    return u16_copy(out, LOOK_PATH, path) < LOOK_PATH && os_exists(out);
}

void look_windows(char16_t out[LOOK_WINDOWS])
{
    u16_copy(out, LOOK_WINDOWS, u"C:\\windows\\");
}
