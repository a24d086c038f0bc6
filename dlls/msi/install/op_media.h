/*
 * Where the bytes of files come from: cabinets in the package, cabinets beside it, single files.
 *
 * One OP_MEDIA comes before the OP_FILE_PUTs of an InstallFiles. It lists the cabinets and the
 * files that are wanted. When it is done they are all staged: whole, with their times, under names
 * of their own on the volumes that they go to. So whatever a source lacks is told before any file
 * of the machine is touched, and a put is a rename.
 *
 * OP_MEDIA's fields: 0 the package's path; 1 the list. All numbers are 32 bits, little-endian; a
 * text is the number of its units and the units.
 *
 *   cabinets: their number; each: 1 where it is a stream of the package, 0 where it is a file, 2
 *             where it is a stream of another one, whose path comes first; its name, or path
 *   volumes:  their number; each: a path on it
 *   files:    their number; each: its cabinet's place, or MEDIA_LOOSE; its volume's place; its name
 *             in the cabinet, or the path of a single file
 *
 * Cabinets are in the order of the Media table, and one that goes on does so in the next of the
 * list, whatever it calls that.
 *
 * OP_FILE_PUT's fields: 0 path; 1 attributes; 2 size; 3 the file's place in the list.
 */
#ifndef MSI_OP_MEDIA_H
#define MSI_OP_MEDIA_H

#include "family.h"

enum { MEDIA_LOOSE = 0xffffffffu };
enum media_place { MEDIA_FILE, MEDIA_STREAM, MEDIA_STREAM_OF };

struct media;

/* The path of the staged file, which the caller renames; it lives as long as m.
 * ERROR_INSTALL_FAILURE: there is none. */
u32 media_staged(const struct media *m, u32 place, const char16_t **path);
void media_free(struct media *m); /* may be NULL */

#endif
