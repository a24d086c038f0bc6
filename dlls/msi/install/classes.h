/*
 * What the actions for classes, program ids, extensions and content types share: which rows are
 * meant, and writing below the keys of classes.
 */
#ifndef MSI_CLASSES_H
#define MSI_CLASSES_H

#include "regplan.h"
#include "textbuf.h"

/* Rows whose component (and, where they come, feature) comes or goes, or is advertised. */
struct class_scope {
    struct install *in;
    bool comes; /* else it goes */
};

bool scope_has(const struct class_scope *s, const struct component *c, const struct feature *f);

/* A program id that is meant: by its class, by an extension with a verb, or by the program id that
 * it stands for. */
struct prog_id {
    struct named named;
    char16_t *class_id, *parent, *description, *icon;
    i32 icon_index;
    bool meant;
    enum reg_view view;
    u32 child; /* one of those that stand for it, or NAME_NONE */
};

struct prog_ids {
    struct class_scope scope;
    struct name_list all;     /* struct prog_id, as in the table */
    struct name_list classes; /* struct view_of: those that are meant */
    struct name_list extensions;
};

struct view_of {
    struct named named;
    enum reg_view view;
    char16_t *prog_id; /* of an extension */
};

/* Reads the tables once. The caller frees, failed or not. */
u32 prog_ids_load(struct prog_ids *p, struct install *in, bool comes);
void prog_ids_free(struct prog_ids *p);

/* A key below the classes of the product's context, made of texts up to a NULL. */
struct class_key {
    struct text_buf path;
    struct reg_place at;
};
/* The caller frees, failed or not. */
u32 class_key(struct install *in, enum reg_view view, struct class_key *k, ...);
void class_key_free(struct class_key *k);

/* Sets the own value of the key made of the texts up to a NULL; an empty text does nothing. */
u32 class_text(struct install *in, enum reg_view view, const char16_t *text, ...);
/* Removes the own value of such a key where it is text (any, where that is NULL), and keys that
 * are empty then, but none of `keep`, NULL for all but Software\Classes. */
u32 class_untext(struct install *in, enum reg_view view, const char16_t *keep, const char16_t *text,
                 ...);
/* Removes such a key with all in it. */
u32 class_remove(struct install *in, enum reg_view view, ...);
/* Removes such a key where it is empty, and those above it; keep as above. */
u32 class_remove_empty(struct install *in, enum reg_view view, const char16_t *keep, ...);
/* "path of the icon,index". Nothing where there is no icon. */
u32 class_icon(struct install *in, const char16_t *icon, i32 index, struct text_buf *out);

#endif
