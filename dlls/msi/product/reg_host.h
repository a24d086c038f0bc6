/*
 * The registry that a host program gives to the product layer: a folder of hives, or a test's own.
 * The functions are those of reg.h.
 */
#ifndef MSI_REG_HOST_H
#define MSI_REG_HOST_H

#include "regbehind.h"

struct reg_host {
    u32 (*open)(enum reg_root root, enum reg_view view, const char16_t *path, struct reg_key **key);
    u32 (*make)(enum reg_root root, enum reg_view view, const char16_t *path, struct reg_key **key);
    void (*close)(struct reg_key *key);
    u32 (*get)(struct reg_key *key, const char16_t *name, struct reg_data *data);
    u32 (*set)(struct reg_key *key, const char16_t *name, u32 type, const void *bytes, u32 size);
    u32 (*remove_value)(struct reg_key *key, const char16_t *name);
    u32 (*remove)(enum reg_root root, enum reg_view view, const char16_t *path);
    u32 (*remove_empty)(enum reg_root root, enum reg_view view, const char16_t *path);
    /* NULL: nothing is known of that, and make does */
    u32 (*look)(enum reg_root root, enum reg_view view, const char16_t *path,
                struct reg_about *about);
    u32 (*make_as)(enum reg_root root, enum reg_view view, const char16_t *path,
                   const struct reg_about *about);
    u32 (*flush)(void); /* NULL: there is nothing to do */
    u32 (*key_at)(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX]);
    u32 (*value_at)(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX]);
    bool (*user_sid)(char16_t *sid, size_t cap);
    const struct reg_behind *behind; /* NULL: what is written is in files at once */
};

/* The functions of regbehind.h. */
struct reg_behind {
    u32 (*file)(char16_t *out, size_t cap);
    bool (*has)(enum reg_root root, enum reg_view view, const char16_t *path);
    void (*now)(struct behind_moment *m);
    u32 (*mark)(void);
    bool (*wrote)(enum reg_root root, enum reg_view view, const char16_t *path);
};

/* Before any other function, and once. NULL: none. */
void reg_use(const struct reg_host *h);

#endif
