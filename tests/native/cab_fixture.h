/*
 * Small stored cabinets, made in memory: one block, which may be cut among several cabinets.
 *
 *     struct cab_part p = {.files = files, .count = 2, .bytes = ..., .len = ...};
 *     cab_write(&p, &buf);
 */
#ifndef TEST_CAB_FIXTURE_H
#define TEST_CAB_FIXTURE_H

#include "buf.h"
#include "test.h"

enum { CAB_TO_NEXT = 0xfffe, CAB_FROM_PREVIOUS = 0xfffd, CAB_BOTH = 0xffff };

struct cab_entry {
    const char *name;
    u32 size, offset, folder; /* folder: 0, or how the file goes on */
    u32 date, time, attributes;
};

struct cab_part {
    const struct cab_entry *files;
    u32 count;
    const void *bytes; /* of the block, or a part of it */
    u32 len, made;     /* made: of the whole block; 0: it goes on in the next cabinet */
    const char *previous, *next;
    const char *own; /* the block of a second folder; NULL: there is none */
    u32 size_lie;    /* added to the file sizes that are said */
};

static void cab_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text) + 1);
}

static void cab_files(const struct cab_part *p, struct buf *b)
{
    for (u32 i = 0; i < p->count; i++) {
        const struct cab_entry *f = &p->files[i];

        buf_add32(b, f->size + p->size_lie);
        buf_add32(b, f->offset);
        buf_add16(b, f->folder);
        buf_add16(b, f->date);
        buf_add16(b, f->time);
        buf_add16(b, f->attributes);
        cab_text(b, f->name);
    }
}

TEST_UNUSED static void cab_write(const struct cab_part *p, struct buf *out)
{
    u32 flags = (p->previous ? 1u : 0) | (p->next ? 2u : 0), folder_at, files_at;
    u32 own = p->own ? (u32)strlen(p->own) : 0;

    out->len = 0;
    buf_add(out, "MSCF\0\0\0", 8);
    buf_add32(out, 0); /* the whole size, put later */
    buf_add32(out, 0);
    buf_add32(out, 0); /* where the files begin */
    buf_add32(out, 0);
    buf_add16(out, 0x0103);
    buf_add16(out, p->own ? 2 : 1);
    buf_add16(out, p->count);
    buf_add16(out, flags);
    buf_add16(out, 7);
    buf_add16(out, 0);
    if (p->previous) {
        cab_text(out, p->previous);
        cab_text(out, "");
    }
    if (p->next) {
        cab_text(out, p->next);
        cab_text(out, "");
    }
    folder_at = (u32)out->len;
    for (u32 i = 0; i < (p->own ? 2u : 1u); i++) {
        buf_add32(out, 0);
        buf_add16(out, 1);
        buf_add16(out, 0);
    }
    files_at = (u32)out->len;
    cab_files(p, out);
    put_le32(out->data + folder_at, (u32)out->len);
    put_le32(out->data + 16, files_at);
    buf_add32(out, 0); /* no checksum */
    buf_add16(out, p->len);
    buf_add16(out, p->made);
    buf_add(out, p->bytes, p->len);
    if (p->own) {
        put_le32(out->data + folder_at + 8, (u32)out->len);
        buf_add32(out, 0);
        buf_add16(out, own);
        buf_add16(out, own);
        buf_add(out, p->own, own);
    }
    put_le32(out->data + 8, (u32)out->len);
}

#endif
