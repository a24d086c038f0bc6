/*
 * Opening a package by its path, for the functions that take one.
 */
#ifndef MSI_PKGOPEN_H
#define MSI_PKGOPEN_H

#include <windows.h>

#include "session.h"

/* path: of a file, or a URL, whose file is copied first. ERROR_FILE_NOT_FOUND,
 * ERROR_INSTALL_PACKAGE_OPEN_FAILED, and session_open's. */
u32 package_open(const char16_t *path, const struct session_options *options, struct session **out);
/* What a database's error means of a package: the file cannot be had, or it is none. */
u32 package_error(u32 err);

#endif
