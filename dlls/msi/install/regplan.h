/*
 * Planning operations on the registry, and what the actions that do so share.
 *
 * The fields `root` and `view` of such operations are an enum reg_root and an enum reg_view. Keys
 * have no backslash at either end.
 */
#ifndef MSI_REGPLAN_H
#define MSI_REGPLAN_H

#include "install.h"
#include "layout.h"
#include "session_impl.h"

struct reg_place {
    enum reg_root root;
    enum reg_view view;
    const char16_t *key;
};

/* Fills what in says of the product: code, context, user. Again does nothing. */
u32 install_identify(struct install *in);
/* Whether no feature of the product will be left, and some was. */
bool install_removes_all(const struct install *in);
/* Whether the product is not there and none of its features comes: it is not registered then. */
bool install_adds_nothing(const struct install *in);

/* name NULL is the key's own value. */
u32 plan_reg_set(struct install *in, const struct reg_place *at, const char16_t *name, u32 type,
                 const void *bytes, size_t size);
u32 plan_reg_text(struct install *in, const struct reg_place *at, const char16_t *name,
                  const char16_t *text);
u32 plan_reg_expand(struct install *in, const struct reg_place *at, const char16_t *name,
                    const char16_t *text);
u32 plan_reg_number(struct install *in, const struct reg_place *at, const char16_t *name,
                    u32 number);
u32 plan_reg_remove_value(struct install *in, const struct reg_place *at, const char16_t *name);
u32 plan_reg_make_key(struct install *in, const struct reg_place *at);
u32 plan_reg_remove_key(struct install *in, const struct reg_place *at);
/* The key where it is empty, then its parents likewise. The first `keep` characters of its path
 * are a key that stays whatever is in it; a root's own keys stay always. */
u32 plan_reg_remove_empty(struct install *in, const struct reg_place *at, size_t keep);
/* A change of a value that depends on what it is then: reglist.h. */
u32 plan_reg_list(struct install *in, const struct reg_place *at, const char16_t *name, u32 how,
                  const char16_t *text, size_t len);

static inline bool component_installs(const struct component *c)
{
    return c->action == STATE_LOCAL || c->action == STATE_SOURCE;
}
static inline bool component_goes(const struct component *c)
{
    return c->action == STATE_ABSENT;
}
/* The view of its registry keys. */
enum reg_view component_view(const struct component *c);
enum {
    COMPONENT_REG_KEY_PATH = 4,
    COMPONENT_COUNTED = 8,
    COMPONENT_PERMANENT = 16,
    COMPONENT_ODBC_KEY_PATH = 32,
    COMPONENT_NEVER_OVERWRITE = 128,
    COMPONENT_64BIT = 256
};
/* Whether nothing of it is to be installed, for it is not to be overwritten and its key path is
 * there. It is registered all the same. */
bool component_kept(struct install *in, const struct component *c);
/* Whether a component that is there already is to be written again in what a letter of
 * REINSTALLMODE stands for; true for one that is not there. */
bool reinstalls(const struct install *in, const struct component *c, char16_t letter);

/* Of a row's field: the component, the feature; NULL where there is none of that name. */
struct component *row_component(struct install *in, struct record *row, u32 field);
struct feature *row_feature(struct install *in, struct record *row, u32 field);
/* The formatted text of a row's field; *out is begun here and the caller's, failed or not. */
u32 row_format(struct install *in, struct record *row, u32 field, struct text_buf *out);
/* A property's value, "" where it is not set. */
const char16_t *install_property(const struct install *in, const char *name);

/* The path of the component's key file, or its folder, as it will be or is. */
u32 component_key_file(struct install *in, const struct component *c, struct text_buf *out);

/* How much of a key of Windows Installer's stays when it is empty: all above its own keys. */
size_t layout_keep(const struct layout_path *p);
/* The key with all in it, and those of Windows Installer's above it that are empty then. */
u32 plan_layout_remove(struct install *in, const struct layout_path *p);
/* The key of the products with an upgrade code, of every context. */
void upgrade_key(const char16_t *upgrade, char16_t key[LAYOUT_PATH]);
/* For a look; name NULL is the key's own value. */
u32 reg_place_open(const struct reg_place *at, struct reg_key **key);
bool reg_place_has(const struct reg_place *at, const char16_t *name);
/* Sets root and key from the Registry table's: root -1 is the product's context, and what is below
 * HKEY_CLASSES_ROOT goes below the Software\Classes of that. *key loses backslashes at its ends.
 * ERROR_INSTALL_PACKAGE_INVALID: there is no such root, or no key, which would be all of it. */
u32 registry_place(struct install *in, i32 root, struct text_buf *key, struct reg_place *at);
/* Where classes of the product's context are: HKLM or HKCU, Software\Classes. Adds the key. */
void classes_root(const struct install *in, struct reg_place *at);

#endif
