/* SPDX-License-Identifier: MIT */
/*
 * What the files of msiexec share.
 */
#ifndef MSIEXEC_H
#define MSIEXEC_H

#include <windows.h>
#include <msi.h>

#include "cmdline.h"

/* Prints to standard error, where there is one. */
void say(const WCHAR *text);
/* "msiexec: 1603: words", and what it is about. */
void say_error(UINT code, const WCHAR *about);
void say_usage(void);
/* Does what the line asks for: the code to end with. */
UINT run_command(const struct cmdline *c);
/* From then on until the end a line of standard error says how far the installation is. */
void progress_begin(void);
void progress_end(void);
/* Starts Wine's own msiexec with the line as it is, and ends as it ends. */
UINT run_wines(const WCHAR *arguments);

#endif
