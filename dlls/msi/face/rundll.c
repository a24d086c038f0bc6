/*
 * Custom actions in DLLs: called in this process, or in a host.
 *
 * To a host goes every DLL that is not of this architecture, and with DECANTER_MSI_HOST=always
 * each.
 */
#include "runaction.h"

#include <stdio.h>

#include "buf.h"
#include "host.h"
#include "log.h"
#include "os.h"
#include "textbuf.h"
#include "trace.h"
#include "utf16.h"

enum { NAME_MAX_CHARS = 256, HEAD_BYTES = 4096 };
#ifdef __x86_64__
enum { MACHINE = IMAGE_FILE_MACHINE_AMD64 };
#else
enum { MACHINE = IMAGE_FILE_MACHINE_I386 };
#endif

/* --- which it is --------------------------------------------------------------------------------
 */

/* Of the first bytes of a DLL; 0: it is none. */
static u32 machine_in(const u8 *head, size_t len)
{
    u32 at = len >= 0x40 && head[0] == 'M' && head[1] == 'Z' ? le32(head + 0x3c) : 0;

    if (!at || len < 8 || at > len - 8 || memcmp(head + at, "PE\0\0", 4) != 0)
        return 0;
    return le16(head + at + 4);
}

static u32 machine_of_file(const char16_t *path)
{
    u8 head[HEAD_BYTES];
    struct os_file *f;
    u32 got = 0;

    if (os_open(path, OS_READ, &f))
        return 0;
    if (os_read_at(f, 0, head, sizeof(head), &got))
        got = 0;
    os_close(f);
    return machine_in(head, got);
}

static bool all_in_hosts(void)
{
    char16_t value[16];

    return os_env("DECANTER_MSI_HOST", value, ARRAY_LEN(value)) &&
           u16_is(value, u16_len(value), "always");
}

static bool is_for_host(u32 machine)
{
    return machine != MACHINE || all_in_hosts();
}

/* What a DLL is for that the package installs is told by its component. */
bool action_can_run_dll(u32 type, const u8 *head, size_t len, bool wide)
{
    u32 machine = 0;

    if (custom_in_package(type))
        machine = machine_in(head, len);
    else if ((type & CUSTOM_SOURCE) == CUSTOM_OF_FILE)
        machine = wide ? IMAGE_FILE_MACHINE_AMD64 : IMAGE_FILE_MACHINE_I386;
    if (!machine)
        return false;
    return !is_for_host(machine) || host_ready(machine);
}

/* --- in this process ----------------------------------------------------------------------------
 */

/* By its name, and as it is decorated where the arguments are counted in it. */
static action_fn find_entry(HMODULE dll, const char *entry)
{
    action_fn f = (action_fn)(void *)GetProcAddress(dll, entry);
#ifndef __x86_64__
    char decorated[NAME_MAX_CHARS + 8];

    if (!f) {
        snprintf(decorated, sizeof(decorated), "_%s@4", entry);
        f = (action_fn)(void *)GetProcAddress(dll, decorated);
    }
#endif
    return f;
}

bool action_load(struct action_dll *d, const WCHAR *path, const char *entry)
{
    *d = (struct action_dll){LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH), NULL};
    if (!d->dll) {
        TRACE(TRACE_MSI, "the DLL is not loaded: %u", (unsigned)GetLastError());
        return false;
    }
    d->function = find_entry(d->dll, entry);
    if (!d->function)
        TRACE(TRACE_MSI, "the DLL has no function %s", entry);
    return d->function != NULL;
}

struct call {
    struct action_dll d;
    u32 result;
};

static u32 call_it(void *call, MSIHANDLE install)
{
    struct call *c = call;

    c->result = c->d.function(install);
    return 0;
}

static bool run_here(struct session *s, const struct custom_action *a, const char *entry,
                     u32 *result)
{
    struct call c = {0};
    bool ran =
        action_load(&c.d, (const WCHAR *)a->program, entry) && action_thread(s, a, call_it, &c);

    if (c.d.dll)
        FreeLibrary(c.d.dll);
    *result = c.result;
    return ran;
}

/* --- in a host ----------------------------------------------------------------------------------
 */

struct errand {
    struct host *host;
    const char16_t *dll;
    const char *entry;
    struct host_result r;
};

static u32 have_it_run(void *errand, MSIHANDLE install)
{
    struct errand *e = errand;

    host_run(e->host, install, e->dll, e->entry, &e->r);
    return e->r.left;
}

static bool run_in_host(struct session *s, const struct custom_action *a, u32 machine,
                        const char *entry, u32 *result)
{
    struct errand e = {.host = host_take(machine), .dll = a->program, .entry = entry};

    if (!e.host)
        return false;
    if (!action_thread(s, a, have_it_run, &e))
        e.r = (struct host_result){0};
    TRACE(TRACE_MSI, "the host of %s: %d", trace_text(a->name, -1), (int)e.r.outcome);
    host_give(e.host, &e.r);
    *result = e.r.result;
    return e.r.outcome == HOST_RAN;
}

/* --- either -------------------------------------------------------------------------------------
 */

static void tell_invoked(const struct custom_action *a)
{
    struct text_buf line;

    tb_init(&line);
    tb_ascii(&line, "Invoking remote custom action. DLL: ");
    tb_add(&line, a->program, u16_len(a->program));
    tb_ascii(&line, ", Entrypoint: ");
    tb_add(&line, a->target, u16_len(a->target));
    if (!line.failed)
        log_verbose(line.s, line.len);
    tb_free(&line);
}

static bool name_of(const struct custom_action *a, char *entry)
{
    size_t n = u16_len(a->target);

    if (!n || n >= NAME_MAX_CHARS)
        return false;
    for (size_t i = 0; i <= n; i++)
        entry[i] = (char)a->target[i];
    return true;
}

/* What is no DLL at all is for the loader to refuse. */
u32 action_dll(struct session *s, const struct custom_action *a, struct custom_trouble *t)
{
    char entry[NAME_MAX_CHARS];
    u32 machine = machine_of_file(a->program), result = 0;
    bool ran;

    tell_invoked(a);
    ran = name_of(a, entry) &&
          (machine && is_for_host(machine) ? run_in_host(s, a, machine, entry, &result)
                                           : run_here(s, a, entry, &result));
    if (ran)
        return result;
    t->error = CUSTOM_DLL_NOT_RUN;
    return ERROR_INSTALL_FAILURE;
}
