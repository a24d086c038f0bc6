/*
 * Operations: what the script of an installation is made of.
 *
 * An operation is a kind and up to OP_FIELDS fields, each nothing, a number, a text or bytes. What
 * they mean is the family's (family.h). The actions of a sequence plan operations; the script is
 * run by run.h. ACTION says which action the ones behind it belong to; DATA is the ActionData
 * message of the one behind it.
 */
#ifndef MSI_OP_H
#define MSI_OP_H

#include "base.h"
#include "buf.h"
#include "error.h"

enum { OP_FIELDS = 16 };

enum op_kind {
    OP_NONE,
    /* of run.c itself */
    OP_ACTION,   /* name, description, template */
    OP_DATA,     /* texts 1 ... of the ActionData message */
    OP_PROGRESS, /* ticks that the operation behind it is worth */
    /* files: op_file.c, op_folder.c, op_media.c */
    OP_FOLDER_MAKE = 16, /* path */
    OP_FOLDER_REMOVE,    /* path; only an empty one */
    OP_FOLDER_FORGET,    /* as OP_REG_REMOVE_VALUE, then path: only where that is not there */
    OP_FILE_PUT,         /* path, attributes, size, place of its bytes: see op_media.h */
    OP_FILE_REMOVE,      /* path */
    OP_FILE_COPY,        /* from, to */
    OP_FILE_MOVE,        /* from, to */
    OP_MEDIA,            /* where the bytes of the OP_FILE_PUTs behind it come from: op_media.h */
    OP_ADMIN_PACKAGE,    /* path, package, names of streams to leave out */
    OP_FILE_WRITE,       /* path, bytes */
    OP_LINK,             /* path, bytes of a shell link */
    OP_LATER,            /* in notes alone: op_later.c */
    OP_FILE_CHANGE,      /* as OP_FILE_PUT: what deltas made of the file */
    OP_FOLDER_TIMES,     /* in notes alone: op_folder.c */
    /* registry: op_reg.c */
    OP_REG_SET = 64,     /* root, view, key, name, type, bytes */
    OP_REG_REMOVE_VALUE, /* root, view, key, name */
    OP_REG_MAKE_KEY,     /* root, view, key */
    OP_REG_REMOVE_KEY,   /* root, view, key; with all below it */
    OP_REG_REMOVE_EMPTY, /* root, view, key; only where nothing is in it, then its parents likewise
                            up to a bound */
    OP_REG_LIST, /* root, view, key, name, how, text: joins or leaves a list in a value ([~],
                    SharedDLLs, environment) */
    OP_REG_KEPT, /* in notes alone, as the next: op_regkeep.c */
    OP_REG_ORDER,
    /* text files: op_ini.c */
    OP_INI = 96, /* path, section, key, value, how */
    /* programs and services: op_run.c, op_service.c; on Windows alone */
    OP_SERVICE = 112,
    OP_RUN,
    OP_NOTIFY,   /* who is to be told after the commit: environment, shell, fonts */
    OP_CACHE,    /* what is kept of a product: op_cache.c */
    OP_SELFREG,  /* path, view, whether it registers: op_selfreg.c */
    OP_FONT,     /* path, value: op_font.c */
    OP_SECURITY, /* kind, name, root, view, descriptor: op_security.c */
};

/* Fields that the log does not show: op_service.c, op_run.c. */
enum { OP_SERVICE_PASSWORD = 10, OP_RUN_TYPE = 2, OP_RUN_PROGRAM, OP_RUN_TARGET, OP_RUN_DATA = 6 };

enum op_field_kind { OP_NULL, OP_NUMBER, OP_TEXT, OP_BYTES };

struct op_field {
    enum op_field_kind kind;
    i64 number;
    const char16_t *text; /* terminated */
    const u8 *bytes;
    size_t len; /* characters, or bytes */
};

struct op {
    u32 kind;
    u32 count;
    struct op_field f[OP_FIELDS];
};

/* Building one: op_begin(&op, kind) and then fields in order; what they point to must live until
 * op_write. */
void op_begin(struct op *op, u32 kind);
void op_number(struct op *op, i64 number);
void op_text(struct op *op, const char16_t *text); /* NULL: nothing */
void op_text_n(struct op *op, const char16_t *text, size_t len);
void op_bytes(struct op *op, const void *bytes, size_t len);

/* Appended to / taken from a script's bytes. Reading: *at moves on; texts point into *b.
 * ERROR_FILE_CORRUPT. */
u32 op_write(struct buf *b, const struct op *op);
u32 op_read(const u8 *bytes, size_t len, size_t *at, struct op *op);

/* Of a field; "" and 0 where it is something else or missing. */
const char16_t *op_text_at(const struct op *op, u32 i);
i64 op_number_at(const struct op *op, u32 i);

struct text_buf;
/* "FolderCreate(C:\\x)": its name and its fields, texts as they are, bytes as <0a0b>. */
void op_show(const struct op *op, struct text_buf *out);

#endif
