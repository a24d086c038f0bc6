/*
 * validate: the trees of folders and of features, and which components belong to them.
 */
#include <string.h>

#include "check.h"

/* --- a table whose rows name their parent ----------------------------------------------------- */

struct tree {
    const char16_t *name;
    u32 parent; /* the column */
    u32 roots;
};

static u32 parent_of(struct table *t, const struct tree *tree, u32 row)
{
    u32 cell = tbl_get(t, row, tree->parent), up;

    /* a row that is its own parent is a root too */
    if (!cell || cell == tbl_get(t, row, 0) || tbl_find_key(t, &cell, &up))
        return TBL_NONE;
    return up;
}

/* Two walkers, one twice as fast: they meet where the way never ends. */
static bool is_circle(struct table *t, const struct tree *tree, u32 row)
{
    u32 slow = row, fast = row;

    while (fast != TBL_NONE && (fast = parent_of(t, tree, fast)) != TBL_NONE) {
        fast = parent_of(t, tree, fast);
        slow = parent_of(t, tree, slow);
        if (slow == fast)
            return fast != TBL_NONE;
    }
    return false;
}

static void check_branch(struct check *c, struct table *t, u32 row, void *ctx)
{
    struct tree *tree = ctx;
    char16_t *key;

    tree->roots += parent_of(t, tree, row) == TBL_NONE;
    if (!is_circle(t, tree, row))
        return;
    key = check_key(c, t, row);
    found(c, LEVEL_ERROR, tree->name, key, "the row is above itself: its parents go in a circle",
          "an installation never ends, or fails with 2704; mend the parents");
    os_free(key);
}

static void check_tree(struct check *c, const char16_t *name, const char16_t *parent)
{
    struct table *t = check_table(c, name);
    struct tree tree = {.name = name, .parent = check_column(c, t, parent)};

    if (tree.parent == TBL_NONE || tbl_keys(t) != 1)
        return;
    check_each(c, t, check_branch, &tree);
    if (is(name, "Directory") && tree.roots > 1 && !c->module)
        found(c, LEVEL_WARNING, name, NULL, "there is more than one root",
              "one folder has no parent: TARGETDIR");
}

/* --- components ------------------------------------------------------------------------------- */

struct components {
    struct table *features; /* FeatureComponents */
    u32 column, id;
};

static void check_component(struct check *c, struct table *t, u32 row, void *ctx)
{
    const struct components *o = ctx;
    u32 cell = tbl_get(t, row, 0), other = TBL_NONE;
    u32 guid = o->id == TBL_NONE ? 0 : tbl_get(t, row, o->id);
    char16_t *key = check_key(c, t, row);

    if (o->column != TBL_NONE && !tbl_match(o->features, o->column, cell, &other) &&
        other == TBL_NONE)
        found(c, LEVEL_WARNING, u"Component", key, "it belongs to no feature: never installed",
              "add a row to FeatureComponents");
    if (guid && !tbl_match(t, o->id, guid, &other) && other != TBL_NONE &&
        (other != row || tbl_match_next(t, o->id, other) != TBL_NONE))
        found(c, LEVEL_WARNING, u"Component.ComponentId", key,
              "another component has the same code",
              "right only where the conditions of the two exclude each other");
    os_free(key);
}

void check_folders(struct check *c)
{
    struct table *t = check_table(c, u"Component");
    struct components o = {.features = check_table(c, u"FeatureComponents")};

    check_tree(c, u"Directory", u"Directory_Parent");
    check_tree(c, u"Feature", u"Feature_Parent");
    if (!t || c->module || c->validation)
        return;
    o.column = check_column(c, o.features, u"Component_");
    o.id = check_column(c, t, u"ComponentId");
    check_each(c, t, check_component, &o);
}
