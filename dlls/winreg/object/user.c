#include "user.h"

static const struct sd_token *pretended;

void user_pretend(const struct sd_token *token)
{
    __atomic_store_n(&pretended, token, __ATOMIC_RELEASE);
}

const struct sd_token *user_pretended(void)
{
    return __atomic_load_n(&pretended, __ATOMIC_ACQUIRE);
}

bool user_token_has(const struct sd_token *t, enum user_privilege what)
{
    switch (what) {
    case USER_BACKUP:
        return t->backup;
    case USER_RESTORE:
        return t->restore;
    case USER_TAKE_OWNERSHIP:
        return t->take_ownership;
    case USER_SECURITY:
        break;
    }
    return t->security;
}

static u32 put_number(char16_t *buf, u32 cap, u32 at, u64 v)
{
    char16_t digits[20];
    u32 n = 0;
    do
        digits[n++] = (char16_t)(u'0' + v % 10);
    while (v /= 10);
    while (n && at < cap)
        buf[at++] = digits[--n];
    return at;
}

u32 user_sid_text(const u8 *sid, char16_t *buf, u32 cap)
{
    u64 authority = 0;
    if (sid[0] != 1 || sid[1] > 15 || cap < 4)
        return 0;
    for (u32 i = 2; i < 8; i++)
        authority = authority << 8 | sid[i];
    buf[0] = u'S';
    buf[1] = u'-';
    u32 at = put_number(buf, cap, 2, 1);
    for (u32 i = 0; i <= sid[1]; i++) {
        const u8 *p = sid + 4 + 4 * i; /* sub-authority i - 1 */
        u32 sub = i ? p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24 : 0;
        if (at < cap)
            buf[at++] = u'-';
        at = put_number(buf, cap, at, i ? sub : authority);
    }
    if (at >= cap)
        return 0;
    buf[at] = 0;
    return at;
}
