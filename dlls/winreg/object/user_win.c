/*
 * The token through ntdll.
 */
#include "user.h"

#include "os.h"
#include "utf16.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winternl.h>

NTSTATUS NTAPI NtOpenProcessToken(HANDLE process, ACCESS_MASK access, HANDLE *token);
NTSTATUS NTAPI NtOpenThreadToken(HANDLE thread, ACCESS_MASK access, BOOLEAN self, HANDLE *token);
NTSTATUS NTAPI NtQueryInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS what, void *buf,
                                       ULONG size, ULONG *needed);

struct who {
    struct sd_token token;
    char16_t name[192];
};

static struct who *self; /* made once, never freed: a process has one token */

/* A class of information in memory from os_alloc, or NULL. */
static void *ask(HANDLE token, TOKEN_INFORMATION_CLASS what)
{
    ULONG size = 0;
    NtQueryInformationToken(token, what, NULL, 0, &size);
    void *buf = size ? os_alloc(size) : NULL;
    if (buf && NtQueryInformationToken(token, what, buf, size, &size)) {
        os_free(buf);
        buf = NULL;
    }
    return buf;
}

static bool privilege_on(const TOKEN_PRIVILEGES *p, DWORD luid)
{
    for (DWORD i = 0; p && i < p->PrivilegeCount; i++)
        if (p->Privileges[i].Luid.LowPart == luid && !p->Privileges[i].Luid.HighPart)
            return (p->Privileges[i].Attributes & SE_PRIVILEGE_ENABLED) != 0;
    return false;
}

static void set_privileges(struct sd_token *t, HANDLE token)
{
    TOKEN_PRIVILEGES *p = ask(token, TokenPrivileges);
    t->take_ownership = privilege_on(p, USER_TAKE_OWNERSHIP);
    t->security = privilege_on(p, USER_SECURITY);
    t->backup = privilege_on(p, USER_BACKUP);
    t->restore = privilege_on(p, USER_RESTORE);
    os_free(p);
}

static void set_sids(struct who *w, HANDLE token)
{
    TOKEN_USER *user = ask(token, TokenUser);
    TOKEN_GROUPS *groups = ask(token, TokenGroups);
    u32 n = groups ? groups->GroupCount : 0;
    struct sd_sid *sids = os_calloc(n + 1, sizeof *sids);
    if (!user || !sids)
        return;
    sids[0] = (struct sd_sid){user->User.Sid, SD_SID_ENABLED};
    for (u32 i = 0; i < n; i++)
        sids[i + 1] = (struct sd_sid){groups->Groups[i].Sid, groups->Groups[i].Attributes};
    w->token.sids = sids;
    w->token.count = n + 1;
    user_sid_text(user->User.Sid, w->name, ARRAY_LEN(w->name));
}

static struct who *make(void)
{
    static struct who nobody = {.name = u".DEFAULT"};
    HANDLE token;
    struct who *w = os_calloc(1, sizeof *w);
    if (!w)
        return &nobody;
    w->name[0] = 0;
    if (!NtOpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        TOKEN_OWNER *owner = ask(token, TokenOwner);
        TOKEN_PRIMARY_GROUP *group = ask(token, TokenPrimaryGroup);
        TOKEN_DEFAULT_DACL *dacl = ask(token, TokenDefaultDacl);
        set_sids(w, token);
        set_privileges(&w->token, token);
        w->token.owner = owner ? owner->Owner : NULL;
        w->token.primary_group = group ? group->PrimaryGroup : NULL;
        w->token.default_dacl = dacl ? dacl->DefaultDacl : NULL;
        CloseHandle(token);
    }
    if (!w->name[0])
        u16_copy(w->name, ARRAY_LEN(w->name), u".DEFAULT");
    return w;
}

static struct who *me(void)
{
    struct who *w = __atomic_load_n(&self, __ATOMIC_ACQUIRE);
    if (!w) {
        struct who *none = NULL;
        w = make();
        if (!__atomic_compare_exchange_n(&self, &none, w, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_ACQUIRE))
            w = none; /* another thread was first; what this one made is a few bytes, once */
    }
    return w;
}

const struct sd_token *user_token(void)
{
    const struct sd_token *t = user_pretended();
    return t ? t : &me()->token;
}

const char16_t *user_name(void)
{
    return me()->name;
}

bool user_has(enum user_privilege what)
{
    HANDLE token;
    struct sd_token now = {0};
    const struct sd_token *t = user_pretended();
    if (t)
        return user_token_has(t, what);
    if (NtOpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token) &&
        NtOpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    set_privileges(&now, token);
    CloseHandle(token);
    return user_token_has(&now, what);
}
