/*
 * The messages that a session sends by itself: of its opening, its actions and its end.
 *
 * Who shows them lives above (face/api_ui.c) and says so once. No lock of the session is held while
 * they are shown: a handler may call anything.
 */
#ifndef MSI_NOTICE_H
#define MSI_NOTICE_H

#include "session.h"

/* INSTALLMESSAGE */
enum {
    NOTICE_ERROR = 0x01000000,
    NOTICE_INFO = 0x04000000,
    NOTICE_ACTION_START = 0x08000000,
    NOTICE_ACTION_DATA = 0x09000000,
    NOTICE_PROGRESS = 0x0a000000,
    NOTICE_COMMON_DATA = 0x0b000000,
    NOTICE_INITIALIZE = 0x0c000000,
    NOTICE_TERMINATE = 0x0d000000,
    NOTICE_SHOW_DIALOG = 0x0e000000,
    NOTICE_INSTALL_START = 0x1a000000,
    NOTICE_INSTALL_END = 0x1b000000,
    NOTICE_ICON_HAND = 0x10 /* MB_ICONHAND, with NOTICE_INFO: the log begins */
};
enum { NOTICE_CANCEL = 2 }; /* IDCANCEL, which ends the installation (1602) */

/* s and r may be NULL. What the handlers answered, 0 without any. */
typedef int (*notice_sink)(struct session *s, u32 type, struct record *r);
void notice_to(notice_sink sink);

/* Without a record. */
int notice_bare(struct session *s, u32 type);
/* With fields from 0 on: text NULL leaves one empty. */
struct notice_field {
    const char16_t *text;
    size_t len;
    bool is_number;
    i32 number;
};
int notice_send(struct session *s, u32 type, const struct notice_field *fields, u32 count);

/* Of opening a session, and of an opening that failed at once. */
void notice_opened(struct session *s, u32 language, u32 codepage);
/* ACTIONSTART, with the texts of the ActionText table. The handlers' answer. */
int notice_action(struct session *s, const char16_t *action, size_t len);
/* ACTIONDATA: fields from 1 on, NULL for an empty one, with the action's template in field 0. */
int notice_data(struct session *s, const char16_t *action, const char16_t *const *texts, u32 count);
/* INFO: an action starts, with the result of the one before; it has ended, with its own. */
void notice_action_begins(struct session *s, const char16_t *action, size_t len, i32 before);
void notice_action_ended(struct session *s, const char16_t *action, size_t len, i32 result);
/* A dialog, or an action that is none, is the user interface's. */
int notice_dialog(struct session *s, const char16_t *name, size_t len);
/* The dialog has been made: it is modeless, or nobody showed it. */
void notice_dialog_made(struct session *s, const char16_t *name, size_t len);
/* ERROR, with a template or, where that is a number, the number that the Error table has it by. */
void notice_error(struct session *s, const char16_t *text, size_t len);
/* ERROR, by the number in field 1. Of one of the inside (2000 to 2999) that the package has no text
 * for, its own text is told to the log, and then the one for all of them. */
void notice_internal(struct session *s, const struct notice_field *fields, u32 count);
/* What is said of an action that is nobody's. */
void notice_not_found(struct session *s, const char16_t *name, size_t len);
/* That an operation was asked for outside of InstallInitialize and InstallFinalize: error 2762. */
void notice_untimely(struct session *s);
/* ERROR: a feature that is asked for is not in the package. */
void notice_no_feature(struct session *s, const char16_t *name, size_t len);
/* ERROR: a component's folder is not in the Directory table. */
void notice_no_folder(struct session *s, const char16_t *name, size_t len);
/* ERROR: a file is numbered past every medium. */
void notice_no_medium(struct session *s, const char16_t *file, size_t len);
/* ERROR: what a custom action runs is not in the Binary table. */
void notice_no_binary(struct session *s, const char16_t *name, size_t len);
/* ERROR: a custom action is of a type that there is not. */
void notice_unsupported(struct session *s, const char16_t *action, size_t len, u32 type);
/* ERROR: a feature with more parents above one another than there may be. */
void notice_too_deep(struct session *s, i32 depth);

#endif
