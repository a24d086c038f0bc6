/*
 * The log of installations, in the form of Windows Installer's.
 *
 * Lines end with CR LF; the file is UTF-16LE with a byte order mark, or UTF-8 without one where
 * DECANTER_MSI_LOG is utf8. A line is the text of a message, or what only a verbose log has:
 *
 *     MSI (s) (E0:74) [09:35:58:262]: Doing action: INSTALL
 *
 * with the side that speaks, the low bytes of the process's and the thread's number, and the time.
 * The file is opened when the first installation begins, and there is one log in a process. Any
 * thread may call these at any time; none of them calls out of here with the log's lock held.
 */
#ifndef MSI_LOG_H
#define MSI_LOG_H

#include "session.h"

enum log_modes { /* INSTALLLOGMODE: a bit for each kind of message, and */
                 LOG_ERROR = 0x2,
                 LOG_INFO = 0x10,
                 LOG_FILES_IN_USE = 0x20,
                 LOG_PROPERTIES = 0x400,
                 LOG_VERBOSE = 0x1000,
                 LOG_EXTRA = 0x2000,
                 LOG_ONLY_ON_ERROR = 0x4000,
                 LOG_ALL = 0x7fff,
                 LOG_APPEND = 1, /* of attributes */
                 LOG_FLUSH = 2,
};

/* What installations from now on are logged to; a log that is open is closed. path NULL: nothing.
 * A log that is to hold every mode stays, whether or not it was asked for on errors only.
 * ERROR_INVALID_PARAMETER for modes that there are not, or none; ERROR_OUTOFMEMORY. */
u32 log_set(u32 modes, const char16_t *path, u32 attributes);
/* Around each installation; they may nest. ERROR_INSTALL_LOG_FAILURE where the file cannot be
 * opened: nothing is logged then. */
u32 log_begin(void);
void log_end(u32 result);
/* Whether lines of one of these modes are written now. */
bool log_is(u32 modes);
/* Who speaks from now on: 'c' for the program that asked, 's' for the installation itself. */
void log_side(char side);

/* A line as it is, where one of the modes is on. */
void log_line(u32 modes, const char16_t *text, size_t len);
/* A verbose line: a text, one of ASCII with another behind it. */
void log_verbose(const char16_t *text, size_t len);
void log_tell(const char *what, const char16_t *text, size_t len);
/* What a message of the session looks like in the log. Its lock is not held. r may be NULL. */
void log_message(struct session *s, u32 type, struct record *r);
/* `Note: 1: 2205 2:  3: Icon`, of a number and texts of which NULL is empty. */
void log_note(u32 number, u32 count, const char16_t *const *texts);
/* The properties of the session at its end, hidden ones with stars. */
void log_properties(struct session *s);

#endif
