/*
 * Services by the service control manager.
 *
 * Its functions are looked up at their first use: msi.dll imports nothing from advapi32.dll, which
 * is one of ours and stands on winreg.dll.
 */
#include <windows.h>

#include "svc.h"

#include "os.h"
#include "utf16.h"

#define FUNCTIONS(F)          \
    F(OpenSCManagerW)         \
    F(OpenServiceW)           \
    F(CreateServiceW)         \
    F(ChangeServiceConfigW)   \
    F(ChangeServiceConfig2W)  \
    F(QueryServiceConfigW)    \
    F(QueryServiceConfig2W)   \
    F(QueryServiceStatus)     \
    F(ControlService)         \
    F(StartServiceW)          \
    F(DeleteService)          \
    F(EnumDependentServicesW) \
    F(CloseServiceHandle)

#define DECLARE(name) __typeof__(&name) p##name;
static struct {
    FUNCTIONS(DECLARE)
    bool all;
} scm;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static BOOL CALLBACK look_up(INIT_ONCE *o, void *arg, void **out)
{
    HMODULE dll = LoadLibraryW(L"advapi32.dll");

    UNUSED(o);
    UNUSED(arg);
    UNUSED(out);
    scm.all = dll != NULL;
#define LOOK_UP(name)                                                                 \
    scm.p##name = dll ? (__typeof__(&name))(void *)GetProcAddress(dll, #name) : NULL; \
    scm.all = scm.all && scm.p##name;
    FUNCTIONS(LOOK_UP)
    return TRUE;
}

static u32 failed(BOOL done)
{
    return done ? ERROR_SUCCESS : GetLastError();
}

/* An open service, and the manager that it was opened by. */
struct service {
    SC_HANDLE manager, handle;
};

static void done(struct service *s)
{
    if (s->handle)
        scm.pCloseServiceHandle(s->handle);
    if (s->manager)
        scm.pCloseServiceHandle(s->manager);
}

static u32 open_manager(DWORD access, struct service *s)
{
    s->handle = s->manager = NULL;
    InitOnceExecuteOnce(&once, look_up, NULL, NULL);
    if (!scm.all)
        return ERROR_CALL_NOT_IMPLEMENTED;
    s->manager = scm.pOpenSCManagerW(NULL, NULL, access);
    return failed(s->manager != NULL);
}

static u32 open_service(const char16_t *name, struct service *s)
{
    u32 err = open_manager(SC_MANAGER_CONNECT, s);

    if (err)
        return err;
    s->handle = scm.pOpenServiceW(s->manager, (const WCHAR *)name, SERVICE_ALL_ACCESS);
    err = failed(s->handle != NULL);
    if (err)
        done(s);
    return err;
}

bool svc_manager(void)
{
    return true;
}

/* --- what there is ------------------------------------------------------------------------------
 */

/* The answer of one of the functions that tell their size first; from os_alloc. */
static u32 ask_config(SC_HANDLE service, QUERY_SERVICE_CONFIGW **out)
{
    DWORD need = 0;
    QUERY_SERVICE_CONFIGW *c;
    u32 err = failed(scm.pQueryServiceConfigW(service, NULL, 0, &need));

    if (err != ERROR_INSUFFICIENT_BUFFER)
        return err ? err : ERROR_GEN_FAILURE;
    c = os_alloc(need);
    if (!c)
        return ERROR_OUTOFMEMORY;
    err = failed(scm.pQueryServiceConfigW(service, c, need, &need));
    if (err)
        os_free(c);
    else
        *out = c;
    return err;
}

/* NULL where there is none, or none can be told. */
static SERVICE_DESCRIPTIONW *ask_description(SC_HANDLE service)
{
    SERVICE_DESCRIPTIONW *d;
    DWORD need = 0;

    scm.pQueryServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, NULL, 0, &need);
    d = need ? os_alloc(need) : NULL;
    if (d && scm.pQueryServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, (BYTE *)d, need, &need))
        return d;
    os_free(d);
    return NULL;
}

static const char16_t *text16_of(const WCHAR *s)
{
    return (const char16_t *)s;
}

static size_t list_len(const WCHAR *s)
{
    size_t n = 0;

    while (s && s[n])
        n += wcslen(s + n) + 1;
    return n + 1;
}

/* Copies a text, or a list, behind what is in the block. */
static const char16_t *put_text(WCHAR **at, const WCHAR *s, size_t len)
{
    WCHAR *to = *at;

    if (!s)
        return NULL;
    memcpy(to, s, len * sizeof(*to));
    *at += len;
    return text16_of(to);
}

static size_t text_len(const WCHAR *s)
{
    return s ? wcslen(s) + 1 : 1;
}

static u32 copy_config(const QUERY_SERVICE_CONFIGW *c, const WCHAR *description,
                       struct svc_config *out, void **block)
{
    WCHAR *at = os_alloc_array(text_len(c->lpBinaryPathName) + text_len(c->lpDisplayName) +
                                   text_len(c->lpLoadOrderGroup) + list_len(c->lpDependencies) +
                                   text_len(c->lpServiceStartName) + text_len(description),
                               sizeof(*at));

    if (!at)
        return ERROR_OUTOFMEMORY;
    *block = at;
    *out = (struct svc_config){
        .type = c->dwServiceType, .start = c->dwStartType, .error = c->dwErrorControl};
    out->binary = put_text(&at, c->lpBinaryPathName, text_len(c->lpBinaryPathName));
    out->display = put_text(&at, c->lpDisplayName, text_len(c->lpDisplayName));
    out->group = put_text(&at, c->lpLoadOrderGroup, text_len(c->lpLoadOrderGroup));
    out->account = put_text(&at, c->lpServiceStartName, text_len(c->lpServiceStartName));
    out->description = put_text(&at, description, text_len(description));
    if (c->lpDependencies) {
        size_t n = list_len(c->lpDependencies);

        out->dependencies = put_text(&at, c->lpDependencies, n - 1);
        *at = 0;
    }
    return ERROR_SUCCESS;
}

u32 svc_query(const char16_t *name, struct svc_config *out, void **block)
{
    QUERY_SERVICE_CONFIGW *c = NULL;
    SERVICE_DESCRIPTIONW *d;
    struct service s;
    u32 err = open_service(name, &s);

    if (err)
        return err;
    err = ask_config(s.handle, &c);
    if (!err) {
        d = ask_description(s.handle);
        err = copy_config(c, d ? d->lpDescription : NULL, out, block);
        os_free(d);
    }
    os_free(c);
    done(&s);
    return err;
}

u32 svc_running(const char16_t *name, bool *running)
{
    SERVICE_STATUS status;
    struct service s;
    u32 err = open_service(name, &s);

    if (err)
        return err;
    err = failed(scm.pQueryServiceStatus(s.handle, &status));
    if (!err)
        *running = status.dwCurrentState != SERVICE_STOPPED &&
                   status.dwCurrentState != SERVICE_STOP_PENDING;
    done(&s);
    return err;
}

/* --- making, deleting ---------------------------------------------------------------------------
 */

static const WCHAR *wide(const char16_t *s)
{
    return (const WCHAR *)s;
}

/* Empty texts are as good as none, but for a change. */
static const WCHAR *or_none(const char16_t *s)
{
    return s && *s ? wide(s) : NULL;
}

static u32 describe(struct service *s, const struct svc_config *c)
{
    SERVICE_DESCRIPTIONW d = {(WCHAR *)c->description};

    if (!c->description)
        return ERROR_SUCCESS;
    return failed(scm.pChangeServiceConfig2W(s->handle, SERVICE_CONFIG_DESCRIPTION, &d));
}

static u32 create(const char16_t *name, const struct svc_config *c, struct service *s)
{
    u32 err = open_manager(SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE, s);

    if (err)
        return err;
    s->handle =
        scm.pCreateServiceW(s->manager, wide(name), or_none(c->display), SERVICE_ALL_ACCESS,
                            c->type, c->start, c->error, wide(c->binary), or_none(c->group), NULL,
                            or_none(c->dependencies), or_none(c->account), or_none(c->password));
    err = failed(s->handle != NULL);
    if (err)
        done(s);
    return err;
}

static u32 change(struct service *s, const struct svc_config *c)
{
    return failed(scm.pChangeServiceConfigW(
        s->handle, c->type, c->start, c->error, wide(c->binary), wide(c->group), NULL,
        wide(c->dependencies), or_none(c->account), or_none(c->password), wide(c->display)));
}

u32 svc_put(const char16_t *name, const struct svc_config *c)
{
    struct service s;
    u32 err = open_service(name, &s);

    if (err == ERROR_SERVICE_DOES_NOT_EXIST)
        err = create(name, c, &s);
    else if (!err && (err = change(&s, c)))
        done(&s);
    if (err)
        return err;
    err = describe(&s, c);
    done(&s);
    return err;
}

u32 svc_delete(const char16_t *name)
{
    struct service s;
    u32 err;

    svc_stop(name, true);
    err = open_service(name, &s);
    if (err)
        return err;
    err = failed(scm.pDeleteService(s.handle));
    done(&s);
    return err == ERROR_SERVICE_MARKED_FOR_DELETE ? ERROR_SUCCESS : err;
}

/* --- running ------------------------------------------------------------------------------------
 */

enum { WAIT_MS = 30000, STEP_MS = 100, ARGS_MAX = 64 };

/* Until it has the state; ERROR_SERVICE_REQUEST_TIMEOUT where it does not get there. */
static u32 wait_for(SC_HANDLE service, DWORD state, DWORD pending, bool wait)
{
    SERVICE_STATUS status;

    for (DWORD ms = 0; ms <= WAIT_MS; ms += STEP_MS) {
        u32 err = failed(scm.pQueryServiceStatus(service, &status));

        if (err || status.dwCurrentState == state)
            return err;
        if (status.dwCurrentState == pending && !wait)
            return ERROR_SUCCESS;
        if (status.dwCurrentState != pending && ms)
            return ERROR_SERVICE_NOT_ACTIVE;
        Sleep(STEP_MS);
    }
    return ERROR_SERVICE_REQUEST_TIMEOUT;
}

u32 svc_start(const char16_t *name, const char16_t *args, bool wait)
{
    const WCHAR *list[ARGS_MAX];
    struct service s;
    DWORD n = 0;
    u32 err = open_service(name, &s);

    if (err)
        return err;
    for (; args && *args && n < ARGS_MAX; args += u16_len(args) + 1)
        list[n++] = wide(args);
    err = failed(scm.pStartServiceW(s.handle, n, n ? list : NULL));
    if (err == ERROR_SERVICE_ALREADY_RUNNING)
        err = ERROR_SUCCESS;
    if (!err)
        err = wait_for(s.handle, SERVICE_RUNNING, SERVICE_START_PENDING, wait);
    done(&s);
    return err;
}

/* The names of those that depend on it and run are stopped first. */
static void stop_dependents(SC_HANDLE service, bool wait)
{
    DWORD need = 0, count = 0;
    ENUM_SERVICE_STATUSW *all;

    scm.pEnumDependentServicesW(service, SERVICE_ACTIVE, NULL, 0, &need, &count);
    all = need ? os_alloc(need) : NULL;
    if (all && scm.pEnumDependentServicesW(service, SERVICE_ACTIVE, all, need, &need, &count))
        for (DWORD i = 0; i < count; i++)
            svc_stop((const char16_t *)all[i].lpServiceName, wait);
    os_free(all);
}

u32 svc_stop(const char16_t *name, bool wait)
{
    SERVICE_STATUS status;
    struct service s;
    u32 err = open_service(name, &s);

    if (err)
        return err;
    stop_dependents(s.handle, wait);
    err = failed(scm.pControlService(s.handle, SERVICE_CONTROL_STOP, &status));
    if (!err)
        err = wait_for(s.handle, SERVICE_STOPPED, SERVICE_STOP_PENDING, wait);
    done(&s);
    return err == ERROR_SERVICE_NOT_ACTIVE ? ERROR_SUCCESS : err;
}
