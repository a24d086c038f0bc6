/*
 * A file of notes, each an operation (op.h) with a check: what is damaged at its end was never
 * believed by who wrote it, and is left out.
 */
#ifndef MSI_NOTES_H
#define MSI_NOTES_H

#include "op.h"
#include "os.h"

struct notes {
    struct os_file *file; /* open to write, the caller's; NULL: closed */
    u32 salt, count;
    struct buf bytes;  /* the file, and what is not written yet */
    struct buf starts; /* u32 places of the notes */
    size_t written;
};

/* A new file: its head is durable. magic: 8 bytes, which say whose it is. */
u32 notes_begin(struct notes *n, const char *magic);
/* Reads the file. foreign: its head is not of that kind; then, and where there is no whole head,
 * there are no notes. */
u32 notes_read(struct notes *n, const char *magic, bool *foreign);
/* Remembered, and written by the next notes_write. ERROR_DISK_FULL: the file would be too large. */
u32 notes_add(struct notes *n, const struct op *note);
/* sync: durable when it returns. */
u32 notes_write(struct notes *n, bool sync);
/* The i-th note; its texts live as long as nothing is added. */
void notes_at(const struct notes *n, u32 i, struct op *note);
/* Closes the file too. */
void notes_close(struct notes *n);

#endif
