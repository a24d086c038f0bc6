/*
 * On the host there is one user, an administrator with every privilege.
 */
#include "user.h"

static const u8 sid_user[] = {1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0,    0, 0, 0,
                              0, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0xe8, 3, 0, 0};
static const u8 sid_admins[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0};
static const u8 sid_users[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0, 0};
static const u8 sid_everyone[] = {1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
static const u8 sid_authenticated[] = {1, 1, 0, 0, 0, 0, 0, 5, 11, 0, 0, 0};

static const struct sd_sid sids[] = {
    {sid_user, SD_SID_ENABLED},          {sid_admins, SD_SID_ENABLED},
    {sid_users, SD_SID_ENABLED},         {sid_everyone, SD_SID_ENABLED},
    {sid_authenticated, SD_SID_ENABLED},
};
static const struct sd_token token = {
    .sids = sids,
    .count = ARRAY_LEN(sids),
    .primary_group = sid_users,
    .take_ownership = true,
    .security = true,
    .backup = true,
    .restore = true,
};

const struct sd_token *user_token(void)
{
    const struct sd_token *t = user_pretended();
    return t ? t : &token;
}

const char16_t *user_name(void)
{
    return u"S-1-5-21-0-0-0-1000";
}

bool user_has(enum user_privilege what)
{
    return user_token_has(user_token(), what);
}
