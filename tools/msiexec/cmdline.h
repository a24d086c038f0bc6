/* SPDX-License-Identifier: MIT */
/*
 * msiexec's command line: from its text to what is to be done.
 *
 * The text is taken apart as Windows' msiexec does: blanks outside of quotation marks part it, two
 * quotation marks within quoted text are one, and a backslash is a character like others, so that
 * INSTALLDIR="C:\a b\" is what it seems. An argument that somebody else quoted (Wine, of what it
 * got from a shell) is known by a quotation mark at its start, or by a backslash before its first
 * one; of these the quoting of C programs is taken off, and then they are arguments like others.
 */
#ifndef MSIEXEC_CMDLINE_H
#define MSIEXEC_CMDLINE_H

#include "base.h"
#include "error.h"

enum command {
    COMMAND_NONE, /* nothing was asked for */
    COMMAND_HELP,
    COMMAND_INSTALL,     /* what: package or product */
    COMMAND_UNINSTALL,   /* what: package or product */
    COMMAND_REPAIR,      /* what: package or product; letters */
    COMMAND_ADMIN,       /* what: package */
    COMMAND_ADVERTISE,   /* what: package; for_user, transforms, language, instance */
    COMMAND_PATCH,       /* what: patches; instance_of */
    COMMAND_PATCH_ADMIN, /* what: patches; image: package */
    COMMAND_REGISTER,    /* what: module */
    COMMAND_UNREGISTER,  /* what: module */
    COMMAND_RECOVER,     /* undoes what a killed installation left */
    COMMAND_OF_WINE, /* the line is of Wine's own msiexec: its server of custom actions, its service
                      */
};

enum ui_bits { /* INSTALLUILEVEL */
               UI_NONE = 2,
               UI_BASIC = 3,
               UI_REDUCED = 4,
               UI_FULL = 5,
               UI_HIDE_CANCEL = 0x20,
               UI_PROGRESS_ONLY = 0x40,
               UI_END_DIALOG = 0x80,
};

struct cmdline {
    enum command command;
    char16_t *what, *image;
    char16_t *properties; /* for MsiInstallProduct: NAME="value" ..., or NULL */
    char16_t *log, *transforms, *instance_of, *status_file;
    u32 log_modes, log_attributes; /* INSTALLLOGMODE, INSTALLLOGATTRIBUTES */
    u32 ui;                        /* INSTALLUILEVEL, 0 where it is not given */
    u32 reinstall;                 /* REINSTALLMODE */
    u32 language;
    bool for_user, instance;
    bool progress; /* a line of the terminal */
    /* what is wrong, in ASCII, and where */
    const char *wrong;
    char16_t *wrong_at;
};

/* line is without the program's name. ERROR_INVALID_COMMAND_LINE, and *c says why;
 * ERROR_OUTOFMEMORY. cmdline_free afterwards in any case. */
u32 cmdline_parse(const char16_t *line, struct cmdline *c);
void cmdline_free(struct cmdline *c);
/* Behind the program's name and the blanks after it. */
const char16_t *cmdline_arguments(const char16_t *whole);
/* Whether text is a GUID in braces. */
bool cmdline_is_code(const char16_t *text);

#endif
