/*
 * Where the bytes of files come from: cabinets in the package, cabinets beside it, single files.
 *
 * One OP_MEDIA comes before the OP_FILE_PUTs of an InstallFiles. It lists the cabinets and the
 * files that are wanted. When it is done those of cabinets are all staged: whole, with their times,
 * under names of their own on the volumes that they go to, and a put is a rename. Single files are
 * there; a put copies one to where it goes, which takes half of what staging it takes. So whatever
 * a source lacks is told before any file of the machine is touched.
 *
 * OP_MEDIA's fields: 0 the package's path; 1 the list. All numbers are 32 bits, little-endian; a
 * text is the number of its units and the units.
 *
 *   cabinets: their number; each: 1 where it is a stream of the package, 0 where it is a file, 2
 *             where it is a stream of another one, whose path comes first; its name, or path
 *   volumes:  their number; each: a path on it
 *   files:    their number; each: its cabinet's place, or MEDIA_LOOSE, or MEDIA_MADE; its volume's
 *             place; its name in the cabinet, or the path of a single file, or of that on the
 *             machine which it is made of
 *   made:     number of those that are made by deltas; each: its place among the files; the place
 *             of the package's, or MEDIA_LOOSE where there is none; the number of deltas, and of
 *             each the place, and 1 where it may fail. The package's are staged when they are
 *             wanted, because the file on the machine is none that the deltas are for.
 *
 * Cabinets are in the order of the Media table, and one that goes on does so in the next of the
 * list, whatever it calls that.
 *
 * The fields of OP_FILE_PUT and OP_FILE_CHANGE: 0 path; 1 attributes; 2 size; 3 the file's place in
 * the list.
 */
#ifndef MSI_OP_MEDIA_H
#define MSI_OP_MEDIA_H

#include "family.h"

enum { MEDIA_LOOSE = 0xffffffffu, MEDIA_MADE = 0xfffffffeu };
enum media_place { MEDIA_FILE, MEDIA_STREAM, MEDIA_STREAM_OF };

struct media;

/* Whether that file can be put. ERROR_INSTALL_FAILURE: there is none; ERROR_NO_MORE_ITEMS: none is
 * needed. For what is made by deltas: why they could not be applied. A single file is held open
 * from then on, for it may be the very one that makes room for it. */
u32 media_ready(struct media *m, u32 place);
/* The file of that place, which media_ready was asked for last, where nothing is, each once. A
 * failure may leave a part of it there. */
u32 media_put(struct media *m, u32 place, const char16_t *to, u32 attributes);
const struct media_trouble *media_trouble_of(const struct media *m);
void media_free(struct media *m); /* may be NULL */

#endif
