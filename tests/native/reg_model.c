/*
 * Random operations on a hive and on a simple tree, compared after each few; writes aborted now and
 * then, the hive checked, saved and loaded again.
 */
#include "reg_fixture.h"

#define NAMES  40u
#define NODES  400u
#define VALUES 12u
#define STEPS  6000u

struct mvalue {
    u32 name; /* + 1; 0: free */
    u32 type, size, seed;
};

struct mnode {
    bool used, is_volatile;
    u32 parent, name, security;
    struct mvalue values[VALUES];
};

struct model {
    struct mnode nodes[NODES]; /* the first is the root */
};

static struct model now, committed;
static u32 random_state;

static u32 next_random(u32 n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % n;
}

/* Names of all kinds of lengths, Latin-1 and not; case differs from call to call. */
static u32 name_of(u32 i, char16_t name[64])
{
    u32 len = i % 7 ? i % 9 + 1 : 40;
    for (u32 k = 0; k < len; k++) {
        char16_t c = (char16_t)((next_random(2) ? u'a' : u'A') + (i * 5 + k * k) % 26);
        name[k] = i % 5 == 4 && !k ? 0x416 : c;
    }
    name[len] = (char16_t)(u'0' + i / 10);
    name[len + 1] = (char16_t)(u'0' + i % 10);
    return len + 2;
}

static void fill(u8 *data, u32 size, u32 seed)
{
    for (u32 i = 0; i < size; i++)
        data[i] = (u8)(seed + i * 31 + i / 255);
}

static u32 cell_of(struct fixture *f, u32 node)
{
    char16_t name[64];
    u32 parent, cell = HV_NIL, len;
    if (!node)
        return f->root;
    parent = cell_of(f, now.nodes[node].parent);
    len = name_of(now.nodes[node].name, name);
    ok(!key_find(&f->h, parent, name, len, &cell), "node %u not found\n", node);
    return cell;
}

static u32 child_named(u32 parent, u32 name)
{
    for (u32 i = 1; i < NODES; i++)
        if (now.nodes[i].used && now.nodes[i].parent == parent && now.nodes[i].name == name)
            return i;
    return 0;
}

static bool has_children(u32 node)
{
    for (u32 i = 1; i < NODES; i++)
        if (now.nodes[i].used && now.nodes[i].parent == node)
            return true;
    return false;
}

static u32 some_node(void)
{
    u32 i;
    do
        i = next_random(NODES / 2) * next_random(3);
    while (i >= NODES || !now.nodes[i].used);
    return i;
}

static void op_create(struct fixture *f)
{
    u32 parent = some_node(), name = next_random(NAMES), slot = 1, key, err;
    bool is_volatile = next_random(6) == 0;
    char16_t text[64];
    struct key_new what = {.name = text, .is_volatile = is_volatile};
    while (slot < NODES && now.nodes[slot].used)
        slot++;
    if (slot == NODES)
        return;
    what.name_len = name_of(name, text);
    err = key_create(&f->h, cell_of(f, parent), &what, &key);
    if (child_named(parent, name)) {
        ok(err == ERROR_ALREADY_EXISTS, "error %u\n", err);
    } else if (now.nodes[parent].is_volatile && !is_volatile) {
        ok(err == ERROR_CHILD_MUST_BE_VOLATILE, "error %u\n", err);
    } else {
        ok(!err, "create: %u\n", err);
        now.nodes[slot] = (struct mnode){.used = true, .is_volatile = is_volatile};
        now.nodes[slot].parent = parent;
        now.nodes[slot].name = name;
        now.nodes[slot].security = now.nodes[parent].security;
    }
}

static void forget_below(u32 node)
{
    for (u32 i = 1; i < NODES; i++)
        if (now.nodes[i].used && now.nodes[i].parent == node) {
            now.nodes[i].used = false;
            forget_below(i);
        }
}

static void op_delete(struct fixture *f)
{
    u32 node = some_node(), err = key_delete(&f->h, cell_of(f, node));
    if (!node) {
        ok(err == ERROR_ACCESS_DENIED, "error %u\n", err);
    } else if (has_children(node)) {
        ok(err == ERROR_KEY_HAS_CHILDREN, "error %u\n", err);
    } else {
        ok(!err, "delete: %u\n", err);
        now.nodes[node].used = false;
    }
}

static void op_delete_tree(struct fixture *f)
{
    u32 node = some_node(), err;
    bool keep = !node || next_random(2);
    if (!node && next_random(5))
        return;
    err = key_delete_tree(&f->h, cell_of(f, node), keep);
    ok(!err, "delete tree: %u\n", err);
    forget_below(node);
    now.nodes[node].used = keep;
}

static void op_rename(struct fixture *f)
{
    u32 node = some_node(), name = next_random(NAMES), key, err, len;
    char16_t text[64];
    if (!node)
        return;
    len = name_of(name, text);
    err = key_rename(&f->h, cell_of(f, node), text, len, &key);
    if (name != now.nodes[node].name && child_named(now.nodes[node].parent, name)) {
        ok(err == ERROR_ALREADY_EXISTS, "error %u\n", err);
    } else {
        ok(!err, "rename: %u\n", err);
        now.nodes[node].name = name;
    }
}

static u32 random_size(void)
{
    static const u32 sizes[] = {0, 1, 4, 5, 8, 30, 100, 300, 5000, 16344, 16345, 40000};
    return sizes[next_random(next_random(8) ? 8 : ARRAY_LEN(sizes))];
}

static void op_set(struct fixture *f)
{
    static u8 data[40000];
    u32 node = some_node(), name = next_random(20), free_slot = VALUES, slot = VALUES, err, len;
    struct mnode *n = &now.nodes[node];
    char16_t text[64];
    for (u32 i = VALUES; i-- > 0;) {
        if (!n->values[i].name)
            free_slot = i;
        else if (n->values[i].name == name + 1)
            slot = i;
    }
    if (slot == VALUES)
        slot = free_slot;
    if (slot == VALUES)
        return;
    n->values[slot] = (struct mvalue){name + 1, next_random(12), random_size(), next_random(256)};
    fill(data, n->values[slot].size, n->values[slot].seed);
    len = name ? name_of(name, text) : 0;
    err = val_set(&f->h, cell_of(f, node), text, len, n->values[slot].type, data,
                  n->values[slot].size);
    ok(!err, "set: %u\n", err);
}

static void op_unset(struct fixture *f)
{
    u32 node = some_node(), name = next_random(20), slot = VALUES, err, len;
    struct mnode *n = &now.nodes[node];
    char16_t text[64];
    for (u32 i = 0; i < VALUES; i++)
        if (n->values[i].name == name + 1)
            slot = i;
    len = name ? name_of(name, text) : 0;
    err = val_delete(&f->h, cell_of(f, node), text, len);
    if (slot == VALUES) {
        ok(err == ERROR_FILE_NOT_FOUND, "error %u\n", err);
    } else {
        ok(!err, "delete of a value: %u\n", err);
        n->values[slot].name = 0;
    }
}

/* Descriptors 1 to 9: valid ones without anything but a number in a SID. */
static void descriptor(u32 which, u8 sd[32])
{
    memset(sd, 0, 32);
    sd[0] = 1;
    sd[3] = 0x80;
    sd[4] = 20;
    sd[20] = 1;
    sd[21] = 1;
    sd[28] = (u8)which;
}

static void op_secure(struct fixture *f)
{
    u32 node = some_node(), err;
    u8 sd[32];
    now.nodes[node].security = 1 + next_random(9);
    descriptor(now.nodes[node].security, sd);
    err = key_set_security(&f->h, cell_of(f, node), sd, sizeof(sd));
    ok(!err, "security: %u\n", err);
}

static u32 compare_values(struct fixture *f, u32 node, u32 cell)
{
    static u8 data[40000], expected[40000];
    u32 wrong = 0, count = 0;
    struct key_info info;
    struct val_info vi;
    char16_t text[64];
    for (u32 i = 0; i < VALUES; i++) {
        struct mvalue *v = &now.nodes[node].values[i];
        if (!v->name)
            continue;
        count++;
        u32 len = v->name > 1 ? name_of(v->name - 1, text) : 0;
        if (val_find(&f->h, cell, text, len, &vi) || vi.size != v->size || vi.type != v->type) {
            wrong++;
            continue;
        }
        fill(expected, v->size, v->seed);
        wrong += val_data(&f->h, &vi, 0, data, v->size) || memcmp(data, expected, v->size);
    }
    return wrong + (key_query(&f->h, cell, &info) || info.values != count);
}

/* Counts what differs between the hive and the model. */
static u32 compare(struct fixture *f, u32 node)
{
    u32 cell = cell_of(f, node), children = 0, wrong = compare_values(f, node, cell), size = 0;
    struct key_info info;
    u8 sd[32], has[32];
    for (u32 i = 1; i < NODES; i++) {
        if (now.nodes[i].used && now.nodes[i].parent == node) {
            children++;
            wrong += compare(f, i);
        }
    }
    if (now.nodes[node].security) {
        descriptor(now.nodes[node].security, sd);
        wrong += key_get_security(&f->h, cell, has, sizeof(has), &size) || size != sizeof(sd) ||
                 memcmp(sd, has, sizeof(sd));
    }
    return wrong + (key_query(&f->h, cell, &info) || info.subkeys != children ||
                    !!(info.flags & KEYF_VOLATILE) != now.nodes[node].is_volatile);
}

/* Loading forgets what is volatile. */
static void reload(struct fixture *f)
{
    size_t n;
    void *file;
    u32 err;
    memhive_write_abort(&f->m, &f->h);
    err = memhive_save(&f->m, &file, &n);
    ok(!err, "save: %u\n", err);
    memhive_free(&f->m);
    err = memhive_load(&f->m, file, n);
    ok(!err, "load: %u\n", err);
    os_free(file);
    begin(f);
    ok(!hv_u32(&f->h, HM_FLAGS), "flags %x\n", hv_u32(&f->h, HM_FLAGS));
    for (u32 i = 1; i < NODES; i++)
        if (now.nodes[i].used && now.nodes[i].is_volatile)
            now.nodes[i].used = false;
    committed = now;
}

static void step(struct fixture *f)
{
    static void (*const ops[])(struct fixture *) = {
        op_create, op_create, op_create, op_create, op_delete, op_rename,
        op_set,    op_set,    op_set,    op_set,    op_unset,  op_secure,
    };
    if (next_random(150) == 0)
        op_delete_tree(f);
    else
        ops[next_random(ARRAY_LEN(ops))](f);
}

static void test_random(u32 seed)
{
    struct fixture f;
    random_state = seed;
    memset(&now, 0, sizeof(now));
    now.nodes[0].used = true;
    setup(&f);
    committed = now;
    for (u32 i = 0; i < STEPS && !f.h.error; i++) {
        step(&f);
        if (next_random(10) == 0) {
            commit(&f);
            committed = now;
        } else if (next_random(30) == 0) {
            memhive_write_abort(&f.m, &f.h);
            begin(&f);
            now = committed;
        }
        if (i % 97 == 0)
            ok(!compare(&f, 0), "differs after %u steps of %u\n", i, seed);
        if (i % 401 == 0) {
            check(&f);
            committed = now;
        }
        if (i % 1499 == 1498) {
            commit(&f);
            reload(&f);
        }
    }
    ok(!f.h.error, "error %u\n", f.h.error);
    teardown(&f);
}

START_TEST(reg_model)
{
    test_random(1);
    test_random(2);
    test_random(3);
}
