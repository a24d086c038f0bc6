/*
 * Assemblies of a package, as its MsiAssembly and MsiAssemblyName tables have them.
 *
 * A Win32 assembly for everybody (Attributes 1, no File_Application) is kept below winsxs, whatever
 * folder its component has (product/sxsname.h): its manifest, and a catalog of the same name, in
 * winsxs\manifests, its other files in a folder of its own. In an administrative image they lie
 * where the Directory table says.
 */
#ifndef MSI_STORES_H
#define MSI_STORES_H

#include "session_impl.h"

/* Sets what components and files have of it; the lists of both are filled. The lock is held. */
u32 stores_load(struct session *s);
/* Whether all assemblies for everybody that the package has are such ones; of .NET's, and of those
 * that lack what their folder is named by, nothing is known here. No lock is needed: it looks at
 * the tables alone. */
u32 stores_suffice(struct session *s, bool *suffice);

/* Adds the folder that a component's files, or one of its files, are installed to, with a backslash
 * at its end. As folder_target. The lock is held. */
u32 component_target(struct session *s, const struct component *c, struct text_buf *out);
u32 file_target_folder(struct session *s, const struct package_file *f, struct text_buf *out);
/* The same of any folder of that name, of the one that all of them are in, and of that of
 * manifests.
 */
u32 store_target(struct session *s, const char16_t *store, struct text_buf *out);
u32 stores_target(struct session *s, struct text_buf *out);
u32 manifests_target(struct session *s, struct text_buf *out);

#endif
