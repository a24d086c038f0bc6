/* RegGetKeySecurity, RegSetKeySecurity. */
#include "fixture.h"

static void the_size_is_told(void)
{
    FIXTURE(key);
    BYTE sd[1024];
    DWORD size = 0, all;
    ok_err(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, sd, &size), ERROR_INSUFFICIENT_BUFFER);
    ok(size > 20, "size %lu\n", size);
    all = sizeof(sd);
    ok_err(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, sd, &all), ERROR_SUCCESS);
    ok(all == size, "%lu and %lu\n", all, size);
    ok(IsValidSecurityDescriptor(sd), "no descriptor\n");
    ok_err(RegGetKeySecurity(NO_KEY, DACL_SECURITY_INFORMATION, sd, &all), ERROR_INVALID_HANDLE);
    END(key);
}

static void parts_are_those_asked_for(void)
{
    FIXTURE(key);
    BYTE sd[1024];
    DWORD size = sizeof(sd);
    PSID owner = NULL;
    PACL dacl = NULL;
    BOOL there = FALSE, defaulted;
    ok_err(RegGetKeySecurity(key, OWNER_SECURITY_INFORMATION, sd, &size), ERROR_SUCCESS);
    GetSecurityDescriptorOwner(sd, &owner, &defaulted);
    GetSecurityDescriptorDacl(sd, &there, &dacl, &defaulted);
    ok(owner && IsValidSid(owner), "no owner\n");
    differs("RegGetKeySecurity") ok(!there, "the list of rights came too\n");
    END(key);
}

static void rights_that_are_set_are_kept(void)
{
    FIXTURE(key);
    SECURITY_DESCRIPTOR sd;
    SID_IDENTIFIER_AUTHORITY world = {SECURITY_WORLD_SID_AUTHORITY};
    BYTE acl_room[100], got[1024];
    PACL acl = (PACL)acl_room;
    DWORD size = sizeof(got);
    BOOL there = FALSE, defaulted;
    PSID everyone = NULL;
    void *ace = NULL;
    AllocateAndInitializeSid(&world, 1, 0, 0, 0, 0, 0, 0, 0, 0, &everyone);
    InitializeAcl(acl, sizeof(acl_room), ACL_REVISION);
    AddAccessAllowedAce(acl, ACL_REVISION, KEY_ALL_ACCESS, everyone);
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, acl, FALSE);
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd), ERROR_SUCCESS);
    ok_err(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, got, &size), ERROR_SUCCESS);
    GetSecurityDescriptorDacl(got, &there, &acl, &defaulted);
    ok(there && acl && acl->AceCount == 1, "another list\n");
    if (there && acl && GetAce(acl, 0, &ace)) {
        const ACCESS_ALLOWED_ACE *a = ace;
        ok(a->Mask == KEY_ALL_ACCESS && EqualSid((PSID)&a->SidStart, everyone), "mask %lx\n",
           a->Mask);
    }
    FreeSid(everyone);
    END(key);
}

/* Any owner and group but those that are named and missing. */
static void a_part_that_is_named_must_be_there(void)
{
    FIXTURE(key);
    SECURITY_DESCRIPTOR sd;
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    ok_err(RegSetKeySecurity(key, OWNER_SECURITY_INFORMATION, &sd), ERROR_INVALID_SECURITY_DESCR);
    ok_err(RegSetKeySecurity(key, GROUP_SECURITY_INFORMATION, &sd), ERROR_INVALID_SECURITY_DESCR);
    END(key);
}

static void a_dacl_that_is_not_there_lets_everybody_in(void)
{
    FIXTURE(key);
    SECURITY_DESCRIPTOR sd;
    BYTE got[1024];
    DWORD size = sizeof(got);
    BOOL there = FALSE, defaulted;
    PACL acl = (PACL)got;
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd), ERROR_SUCCESS);
    ok_err(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, got, &size), ERROR_SUCCESS);
    GetSecurityDescriptorDacl(got, &there, &acl, &defaulted);
    ok(there && !acl, "there %d, acl %p\n", there, (void *)acl);
    END(key);
}

/* A self-relative descriptor may have room between its parts. */
static void a_descriptor_with_holes(void)
{
    FIXTURE(key);
    static const BYTE with_holes[80] = {1, 0, 4, 0x80, 28, 0, 0,  0, 0,        0, 0,  0,
                                        0, 0, 0, 0,    52, 0, 0,  0, [28] = 1, 1, 0,  0,
                                        0, 0, 0, 1,    0,  0, 0,  0, [52] = 2, 0, 28, 0,
                                        1, 0, 0, 0,    0,  0, 20, 0, 0x3f,     0, 15, 0,
                                        1, 1, 0, 0,    0,  0, 0,  1, 0,        0, 0,  0};
    BYTE got[1024];
    DWORD size = sizeof(got);
    PACL acl = NULL;
    BOOL there = FALSE, defaulted;
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, (void *)(ULONG_PTR)with_holes),
           ERROR_SUCCESS);
    ok_err(RegGetKeySecurity(key, DACL_SECURITY_INFORMATION, got, &size), ERROR_SUCCESS);
    GetSecurityDescriptorDacl(got, &there, &acl, &defaulted);
    ok(there && acl && acl->AceCount == 1, "another list\n");
    END(key);
}

/* What SECURITY_INFORMATION's page says about the rights that each part needs. */
static const struct part {
    SECURITY_INFORMATION part;
    REGSAM read, write;
    const char *doc; /* where Wine's own DLL does otherwise */
} parts[] = {
    {OWNER_SECURITY_INFORMATION, READ_CONTROL, WRITE_OWNER, NULL},
    {GROUP_SECURITY_INFORMATION, READ_CONTROL, WRITE_OWNER, NULL},
    {DACL_SECURITY_INFORMATION, READ_CONTROL, WRITE_DAC, NULL},
    {LABEL_SECURITY_INFORMATION, READ_CONTROL, WRITE_OWNER, "SECURITY_INFORMATION"},
    {PROTECTED_DACL_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, READ_CONTROL, WRITE_DAC,
     NULL},
};

static LONG set_with(HKEY key, REGSAM rights, SECURITY_INFORMATION part)
{
    HKEY h = NULL;
    LONG err = RegOpenKeyExA(key, "k", 0, rights, &h);
    SECURITY_DESCRIPTOR sd;
    SID everyone = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
    if (err)
        return err;
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorOwner(&sd, &everyone, FALSE);
    SetSecurityDescriptorGroup(&sd, &everyone, FALSE);
    err = RegSetKeySecurity(h, part, &sd);
    RegCloseKey(h);
    return err;
}

static LONG get_with(HKEY key, REGSAM rights, SECURITY_INFORMATION part)
{
    HKEY h = NULL;
    LONG err = RegOpenKeyExA(key, "k", 0, rights, &h);
    BYTE sd[1024];
    DWORD size = sizeof(sd);
    if (err)
        return err;
    err = RegGetKeySecurity(h, part, sd, &size);
    RegCloseKey(h);
    return err;
}

static void each_part_needs_its_right(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "k");
    for (unsigned i = 0; i < ARRAYSIZE(parts); i++) {
        const struct part *p = &parts[i];
        LONG without = set_with(key, KEY_ALL_ACCESS & ~p->write, p->part);
        LONG with = set_with(key, p->write, p->part);
        differs(p->doc)
            ok(without == ERROR_ACCESS_DENIED && !with, "part %u: %ld, %ld\n", i, without, with);
        ok_err(get_with(key, KEY_ALL_ACCESS & ~p->read, p->part), ERROR_ACCESS_DENIED);
        ok_err(get_with(key, p->read, p->part), ERROR_SUCCESS);
    }
    RegCloseKey(sub);
    END(key);
}

/* Only owner, group and DACL are said to need READ_CONTROL. */
static void no_part_needs_no_right(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "k");
    differs("RegGetKeySecurity") ok_err(get_with(key, KEY_QUERY_VALUE, 0), ERROR_SUCCESS);
    RegCloseKey(sub);
    END(key);
}

static void take_ownership(BOOL on)
{
    TOKEN_PRIVILEGES p = {.PrivilegeCount = 1};
    HANDLE token;
    OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token);
    LookupPrivilegeValueW(NULL, SE_TAKE_OWNERSHIP_NAME, &p.Privileges[0].Luid);
    p.Privileges[0].Attributes = on ? SE_PRIVILEGE_ENABLED : 0;
    AdjustTokenPrivileges(token, FALSE, &p, 0, NULL, NULL);
    CloseHandle(token);
}

/* Taking part in the decision from the moment it is enabled on, not from the first look on. */
static void the_privilege_of_taking_ownership(void)
{
    FIXTURE(key);
    HKEY sub = make_key(key, "k"), h = NULL;
    SECURITY_DESCRIPTOR sd;
    ACL empty;
    InitializeAcl(&empty, sizeof(empty), ACL_REVISION);
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, &empty, FALSE);
    ok_err(RegSetKeySecurity(sub, DACL_SECURITY_INFORMATION, &sd), ERROR_SUCCESS);
    differs("Owner of a New Object")
        ok_err(RegOpenKeyExA(key, "k", 0, WRITE_OWNER, &h), ERROR_ACCESS_DENIED);
    take_ownership(TRUE);
    ok_err(RegOpenKeyExA(key, "k", 0, WRITE_OWNER, &h), ERROR_SUCCESS);
    RegCloseKey(h);
    take_ownership(FALSE);
    SetSecurityDescriptorDacl(&sd, TRUE, NULL, FALSE);
    ok_err(RegSetKeySecurity(sub, DACL_SECURITY_INFORMATION, &sd), ERROR_SUCCESS);
    RegCloseKey(sub);
    END(key);
}

static void wrong_parameters(void)
{
    FIXTURE(key);
    SECURITY_DESCRIPTOR sd;
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegSetKeySecurity(key, 0, &sd), ERROR_INVALID_PARAMETER);
    ok_err(RegSetKeySecurity(NULL, DACL_SECURITY_INFORMATION, &sd), ERROR_INVALID_HANDLE);
    sd.Revision = SECURITY_DESCRIPTOR_REVISION + 1;
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd), ERROR_UNKNOWN_REVISION);
    END(key);
}

static void a_new_key_takes_a_descriptor(void)
{
    FIXTURE(key);
    SECURITY_ATTRIBUTES sa = {.nLength = sizeof(sa)};
    SECURITY_DESCRIPTOR sd;
    BYTE got[1024];
    DWORD size = sizeof(got);
    BOOL there = FALSE, defaulted;
    PACL acl = (PACL)got;
    HKEY sub = NULL;
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&sd, TRUE, NULL, FALSE);
    sa.lpSecurityDescriptor = &sd;
    ok_err(RegCreateKeyExA(key, "x", 0, NULL, 0, KEY_ALL_ACCESS, &sa, &sub, NULL), ERROR_SUCCESS);
    ok_err(RegGetKeySecurity(sub, DACL_SECURITY_INFORMATION, got, &size), ERROR_SUCCESS);
    GetSecurityDescriptorDacl(got, &there, &acl, &defaulted);
    differs("SetSecurityDescriptorDacl") ok(there && !acl, "another list\n");
    RegCloseKey(sub);
    END(key);
}

START_TEST(security)
{
    test_dll("advapi32");
    RUN(the_size_is_told);
    RUN(parts_are_those_asked_for);
    RUN(rights_that_are_set_are_kept);
    RUN(a_part_that_is_named_must_be_there);
    RUN(a_dacl_that_is_not_there_lets_everybody_in);
    RUN(a_descriptor_with_holes);
    RUN(each_part_needs_its_right);
    RUN(no_part_needs_no_right);
    RUN(the_privilege_of_taking_ownership);
    RUN(wrong_parameters);
    RUN(a_new_key_takes_a_descriptor);
}
