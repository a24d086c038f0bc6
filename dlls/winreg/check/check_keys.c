/*
 * Checking keys and their lists from the root down (check.h).
 *
 * A key is gone into once, whoever lists it, and never deeper than 512 levels: that bounds
 * the walk, whatever the hive says.
 */
#include "check_priv.h"
#include "os.h"

struct level {
    u32 key;
    u32 list[2];   /* HV_NIL where there is none that can be walked */
    u32 store;     /* the list being walked */
    u32 next;      /* its next entry */
    u32 listed[2]; /* entries found */
    struct key_pos pos;
    struct fold_name last;
    u32 longest_name, longest_class;
};

/* The node's own record. Marks it as seen. */
static bool check_node(struct check *c, u32 key, u32 from)
{
    struct hview *h = c->h;
    u32 room, name, class_cell = 0, class_len;

    if (!check_cell_begins(c, key, HV_STORES))
        return check_damage(c, CHECK_CELL_PLACE, from);
    if (check_bit(c->map[cell_storage(key)].seen, key))
        return check_damage(c, CHECK_KEY_LOOP, key);
    check_set_bit(c->map[cell_storage(key)].seen, key);
    room = cell_room(h, key);
    if (room < NK_NAME)
        return check_damage(c, CHECK_CELL_SHORT, key);
    if (cell_u16(h, key, 0) != SIG_NK)
        return check_damage(c, CHECK_KEY_SIGNATURE, key);
    name = cell_u16(h, key, NK_NAME_LEN);
    if (!name || name > room - NK_NAME ||
        name_chars(name, cell_u16(h, key, NK_FLAGS) & KEYF_COMP_NAME) > KEY_NAME_MAX)
        return check_damage(c, CHECK_KEY_NAME, key);
    class_cell = cell_u32(h, key, NK_CLASS);
    class_len = cell_u16(h, key, NK_CLASS_LEN);
    if (class_len && class_cell != HV_NIL &&
        !check_claim(c, class_cell, cell_storage(key), class_len, key))
        check_damage(c, CHECK_KEY_CLASS, key);
    return true;
}

/* The leaf cells of a list; false where it cannot be walked. */
static bool check_leaf(struct check *c, enum hv_storage st, u32 cell, u32 from)
{
    struct leaf l;

    if (!check_claim(c, cell, st, LIST_ENTRIES, from))
        return false;
    if (leaf_open(c->h, cell, &l))
        return true;
    if (cell_u16(c->h, cell, 0) == SIG_RI)
        return check_damage(c, CHECK_LIST_NESTED, cell);
    if (l.sig != SIG_LI && l.sig != SIG_LF && l.sig != SIG_LH)
        return check_damage(c, CHECK_LIST_SIGNATURE, cell);
    return check_damage(c, CHECK_LIST_SIZE, cell);
}

static bool check_list(struct check *c, enum hv_storage st, u32 cell, u32 key)
{
    struct hview *h = c->h;
    bool sound = true;
    u32 count;

    if (!check_cell_begins(c, cell, st) || cell_u16(h, cell, 0) != SIG_RI)
        return check_leaf(c, st, cell, key);
    if (!check_claim(c, cell, st, LIST_ENTRIES, key))
        return false;
    count = cell_u16(h, cell, LIST_COUNT);
    if (!count || !root_open(h, cell))
        return check_damage(c, CHECK_LIST_SIZE, cell);
    for (u32 i = 0; i < count && !c->err; i++)
        sound &= check_leaf(c, st, hv_u32(h, root_entry(cell, i)), cell);
    return sound;
}

static void enter(struct check *c, struct level *l, u32 key)
{
    struct hview *h = c->h;

    *l = (struct level){.key = key};
    c->totals.keys++;
    check_security_use(c, key);
    check_values(c, key);
    for (u32 st = 0; st < 2; st++) {
        u32 list = node_list(h, key, st);
        l->list[st] = HV_NIL;
        if (list == HV_NIL || (st == HV_VOLATILE_STORE && !h->size[st]))
            continue;
        if (check_list(c, st, list, key))
            l->list[st] = list;
        else
            l->listed[st] = cell_u32(h, key, NK_COUNT + 4 * st); /* told once is enough */
    }
}

static void check_hint(struct check *c, const struct level *l, u32 child, const struct fold_name *f)
{
    struct leaf leaf;
    u32 hint;

    if (!leaf_open(c->h, l->pos.leaf, &leaf) || leaf.sig == SIG_LI)
        return;
    hint = hv_u32(c->h, leaf_entry(&leaf, l->next - l->pos.first) + 4);
    if (leaf.sig == SIG_LH ? hint != f->hash : hint && hint != index_lf_hint(c->h, child))
        check_damage(c, CHECK_LIST_HASH, child);
}

/* A child against its neighbours and its parent; f is its name. */
static void check_child(struct check *c, struct level *l, u32 child)
{
    struct hview *h = c->h;
    struct fold_name f;

    if (cell_u32(h, child, NK_PARENT) != l->key)
        check_damage(c, CHECK_KEY_PARENT, child);
    if (cell_storage(child) != l->store || (cell_storage(l->key) == HV_VOLATILE_STORE && !l->store))
        check_damage(c, CHECK_KEY_STORE, child);
    if (!node_fold(h, child, &f))
        return;
    if (l->last.len) {
        int d = node_compare(h, &l->last, child);
        if (d >= 0)
            check_damage(c, d ? CHECK_LIST_ORDER : CHECK_LIST_TWICE, child);
    }
    check_hint(c, l, child, &f);
    l->last = f;
    l->longest_name = MAX(l->longest_name, f.len * 2);
    l->longest_class = MAX(l->longest_class, cell_u16(h, child, NK_CLASS_LEN));
}

/* When all children are known. */
static void leave(struct check *c, const struct level *l)
{
    struct hview *h = c->h;

    for (u32 st = 0; st < 2; st++)
        if ((st == HV_STABLE_STORE || h->size[st]) &&
            l->listed[st] != cell_u32(h, l->key, NK_COUNT + 4 * st))
            check_derived(c, CHECK_LIST_COUNT, l->key, NK_COUNT + 4 * st, 4, l->listed[st]);
    if (cell_u16(h, l->key, NK_MAX_NAME) < l->longest_name)
        check_derived(c, CHECK_KEY_MAX, l->key, NK_MAX_NAME, 2, l->longest_name);
    if (cell_u32(h, l->key, NK_MAX_CLASS) < l->longest_class)
        check_derived(c, CHECK_KEY_MAX, l->key, NK_MAX_CLASS, 4, l->longest_class);
}

/* The next child of the level that is sound; false when there is no more. */
static bool next_child(struct check *c, struct level *l, u32 *child)
{
    for (; l->store < 2; l->store++, l->next = 0, l->last.len = 0, l->pos = (struct key_pos){0}) {
        while (!c->err &&
               (*child = index_at(c->h, l->list[l->store], l->next, &l->pos)) != HV_NIL) {
            bool sound = check_node(c, *child, l->pos.leaf);
            if (sound)
                check_child(c, l, *child);
            l->next++;
            l->listed[l->store]++;
            if (sound)
                return true;
        }
    }
    return false;
}

static void walk(struct check *c, struct level *stack, u32 root)
{
    u32 depth = 0, child;

    enter(c, &stack[0], root);
    while (!c->err) {
        if (!next_child(c, &stack[depth], &child)) {
            leave(c, &stack[depth]);
            if (!depth--)
                return;
        } else if (depth + 1 == KEY_DEPTH_MAX) {
            check_damage(c, CHECK_KEY_DEPTH, child);
        } else {
            enter(c, &stack[++depth], child);
        }
    }
}

void check_keys(struct check *c, u32 root)
{
    struct level *stack;

    if (!check_cell_begins(c, root, HV_STABLE_STORE)) {
        check_damage(c, CHECK_ROOT, root);
        return;
    }
    if (!check_node(c, root, root))
        return;
    if (!(cell_u16(c->h, root, NK_FLAGS) & KEYF_HIVE_ENTRY))
        check_damage(c, CHECK_ROOT_FLAG, root);
    if (!(stack = os_alloc(KEY_DEPTH_MAX * sizeof(*stack)))) {
        c->err = ERROR_OUTOFMEMORY;
        return;
    }
    walk(c, stack, root);
    os_free(stack);
}
