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

static void wrong_parameters(void)
{
    FIXTURE(key);
    SECURITY_DESCRIPTOR sd;
    InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION);
    ok_err(RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, NULL), ERROR_INVALID_PARAMETER);
    ok_err(RegSetKeySecurity(key, 0, &sd), ERROR_INVALID_PARAMETER);
    ok_err(RegSetKeySecurity(NULL, DACL_SECURITY_INFORMATION, &sd), ERROR_INVALID_HANDLE);
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
    RUN(wrong_parameters);
    RUN(a_new_key_takes_a_descriptor);
}
