#include "leaks.h"
#include "face.h"
#include "handles.h"
#include "inside.h"
#include "roots.h"

enum { LINES_MAX = 20, NAME_CHARS = 512 };

static bool tell(void *ctx, u32 handle, const struct reg_row *row)
{
    u32 *lines = ctx, need;
    char16_t name[NAME_CHARS];
    RPC_HKEY key = (RPC_HKEY)hnd_wide(handle);
    UNUSED(row);
    if (roots_keeps(key))
        return true;
    if (++*lines > LINES_MAX)
        return false;
    bool named = !inside_name(key, name, NAME_CHARS, &need);
    trace_line(TRACE_ADVAPI32, "Leaked HKEY (%p) of %s", (void *)key,
               named ? trace_text(name, -1) : "a key without a name or deleted");
    return true;
}

void leaks_tell(void)
{
    u32 lines = 0;
    if (TRACE_ON(TRACE_ADVAPI32))
        hnd_each(tell, &lines);
}
