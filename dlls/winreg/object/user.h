/*
 * Who calls: the seam to the token of the process. user_win.c asks ntdll (advapi32 is not imported,
 * being ours), user_posix.c stands for one administrator.
 */
#ifndef DECANTER_USER_H
#define DECANTER_USER_H

#include "secdesc.h"

/* The token of this process, made at the first use. Never NULL; without memory, one that has no SID
 * and gets nothing. An impersonated thread counts as its process. Its privileges are those of then:
 * who goes by them asks user_has(). */
const struct sd_token *user_token(void);
/* The user's SID as text, which is the name of the user's key below \REGISTRY\USER. */
const char16_t *user_name(void);

enum user_privilege {
    USER_SECURITY = 8,
    USER_TAKE_OWNERSHIP = 9,
    USER_BACKUP = 17,
    USER_RESTORE = 18,
};
/* Whether the privilege is there and enabled now, on the thread's token or the process's. */
bool user_has(enum user_privilege what);

/* For tests: what user_token() answers from now on (NULL: the true one again). It is not copied.
 * user_has() then answers from its fields. */
void user_pretend(const struct sd_token *token);
const struct sd_token *user_pretended(void);
bool user_token_has(const struct sd_token *t, enum user_privilege what);

/* "S-1-5-..." of a binary SID into buf of cap characters; its length, 0 where it is no SID. */
u32 user_sid_text(const u8 *sid, char16_t *buf, u32 cap);

#endif
