/*
 * Names of Win32 assemblies, and where an assembly for everybody is kept.
 *
 * An assembly is registered by a text: its name, and after a comma each what else its identity has,
 *
 *   Microsoft.VC80.CRT,type="win32",version="8.0.50727.42",processorArchitecture="x86",...
 *
 * and a component that is one has `<\` and that text for its key path. Below the Windows folder
 * lie its files, and its manifest apart from them:
 *
 *   winsxs\ARCHITECTURE_NAME_TOKEN_VERSION_LANGUAGE_HASH\
 *   winsxs\manifests\ARCHITECTURE_NAME_TOKEN_VERSION_LANGUAGE_HASH.manifest
 *
 * Who loads them looks for the first of these and takes any hash. Windows' hash is of no use here:
 * that of Wine's own assemblies is taken, so that an assembly is in one place whoever installs it.
 */
#ifndef MSI_SXSNAME_H
#define MSI_SXSNAME_H

#include "error.h"
#include "textbuf.h"

#define SXS_FOLDER    u"winsxs\\"
#define SXS_MANIFESTS u"winsxs\\manifests\\"
#define SXS_MANIFEST  u".manifest"
#define SXS_CATALOG   u".cat"

/* Adds the last part of the folder of the assembly of that name, without backslashes: one plain
 * name. ERROR_BAD_PATHNAME: it is no Win32 assembly's, lacks what the folder is named by, or would
 * be no name of a folder. */
u32 sxs_folder(const char16_t *text, size_t len, struct text_buf *out);

#endif
