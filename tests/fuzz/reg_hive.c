/*
 * A hive file of any bytes, or (input that does not begin with "regf") a sound one with a few bytes
 * changed: loaded, walked, checked, salvaged into a whole one; then, where it may be written,
 * changed in a few ways the input chooses, after which it must be as sound as before.
 */
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "check.h"
#include "copy.h"
#include "key.h"
#include "memhive.h"
#include "os.h"
#include "salvage.h"
#include "secdesc.h"
#include "value.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define KEYS_LOOKED_AT 2000u

static void look_at_values(struct hview *h, u32 key)
{
    static char16_t name[VAL_NAME_MAX];
    static u8 buf[70000];
    struct val_info info;
    u32 len;

    for (u32 i = 0; i < 500 && val_enum(h, key, i, &info) != ERROR_NO_MORE_ITEMS; i++) {
        if (h->error) {
            h->error = 0;
            continue;
        }
        if (!val_name(h, info.cell, name, VAL_NAME_MAX, &len) && len <= VAL_NAME_MAX)
            val_find(h, key, name, len, &info);
        h->error = 0;
        val_data(h, &info, 0, buf, MIN(info.size, (u32)sizeof(buf)));
        h->error = 0;
    }
}

static void look_at(struct hview *h, u32 key, u32 depth, u32 *left)
{
    char16_t name[KEY_NAME_MAX];
    struct key_pos pos = {0};
    struct key_info info;
    u8 buf[600];
    u32 child, found, len, granted;

    key_query(h, key, &info);
    key_class(h, key, buf, sizeof(buf), &len);
    if (!key_get_security(h, key, buf, sizeof(buf), &len) && len <= sizeof(buf))
        sd_access(buf, len, &(struct sd_token){0}, 0x20019, &granted);
    h->error = 0;
    look_at_values(h, key);
    for (u32 i = 0; *left && depth < 20; i++) {
        if (key_enum(h, key, i, &pos, &child))
            break;
        --*left;
        if (!key_name(h, child, name, &len) && i % 16 == 0)
            key_find(h, key, name, len, &found);
        h->error = 0;
        look_at(h, child, depth + 1, left);
    }
    h->error = 0;
}

/* Follows the input's bytes down the tree. */
static u32 pick(struct hview *h, u32 key, const u8 *data, size_t size, size_t *at)
{
    u32 child;

    while (*at < size && data[*at] % 4 && !key_enum(h, key, data[*at] / 4, NULL, &child)) {
        key = child;
        ++*at;
    }
    ++*at;
    return key;
}

static u32 change(struct hview *h, u32 root, const u8 *data, size_t size)
{
    u32 err = 0, child, other;

    for (size_t at = 0; at + 8 < size && at < 200 && !h->error; at += 4) {
        u32 key = pick(h, root, data, size, &at);
        const u8 *d = data + MIN(at, size - 4);
        char16_t name[3] = {(char16_t)(d[1] | 1), d[2], 0};
        struct key_new what = {.name = name, .name_len = 2, .is_volatile = d[3] & 1};
        h->error = 0;
        switch (d[0] % 7) {
        case 0:
            err = key_create(h, key, &what, &child);
            break;
        case 1:
            err = key_delete(h, key);
            break;
        case 2:
            err = key_delete_tree(h, key, true);
            break;
        case 3:
            err = val_set(h, key, name, d[3] % 3, d[2], data, (u32)MIN(size, d[3] * 300u));
            break;
        case 4:
            err = val_delete(h, key, name, d[3] % 3);
            break;
        case 5:
            err = key_rename(h, key, name, 2, &other);
            break;
        default:
            err = copy_tree(h, root, h, key, d[3] & 15, NULL, NULL);
        }
        if (h->error)
            return h->error;
    }
    UNUSED(err);
    return h->error;
}

/* Damage that was not there before is what we look for. */
static bool count_serious(void *ctx, enum check_code code, u32 off)
{
    UNUSED(off);
    *(u32 *)ctx += check_severity(code) == CHECK_SERIOUS;
    return true;
}

static void write_to(struct memhive *m, u32 root, const u8 *data, size_t size)
{
    u32 before = 0, after = 0;
    struct hview h;

    memhive_read(m, &h);
    if (hv_u32(&h, HM_FLAGS) & META_READ_ONLY)
        return;
    check_hive(&h, root, count_serious, &before, NULL);
    memhive_write_begin(m, &h);
    h.limit[HV_STABLE_STORE] = m->size[HV_STABLE_STORE] + 0x100000;
    if (change(&h, root, data, size)) {
        memhive_write_abort(m, &h);
        return;
    }
    memhive_write_commit(m, &h);
    memhive_read(m, &h);
    check_hive(&h, root, count_serious, &after, NULL);
    if (!before && after)
        abort();
}

/* Whatever it is, what is salvaged of it is whole. */
static void salvage(struct hview *from, u32 root)
{
    struct salvage_result result;
    u32 damages = 0, err;
    struct key_ref to;
    struct memhive m;
    struct hview h;

    if (memhive_create(&m, u"R", NULL, 0))
        return;
    memhive_write_begin(&m, &h);
    h.limit[HV_STABLE_STORE] = 0x1000000;
    if (key_root(&h, &to))
        abort();
    err = salvage_hive(&h, to.cell, from, root, NULL, NULL, &result);
    if (err)
        memhive_write_abort(&m, &h);
    else
        err = memhive_write_commit(&m, &h);
    memhive_read(&m, &h);
    check_hive(&h, to.cell, count_serious, &damages, NULL);
    if (damages || (err && err != ERROR_OUTOFMEMORY && err != ERROR_NO_SYSTEM_RESOURCES))
        abort();
    memhive_free(&m);
}

static void take(const u8 *file, size_t n, const u8 *data, size_t size)
{
    u32 left = KEYS_LOOKED_AT;
    struct key_ref root;
    struct memhive m;
    struct hview h;

    if (memhive_load(&m, file, n))
        return;
    memhive_read(&m, &h);
    if (!key_root(&h, &root)) {
        look_at(&h, root.cell, 0, &left);
        if (size && data[size - 1] % 8 == 0) /* it takes longer than all the rest */
            salvage(&h, root.cell);
        write_to(&m, root.cell, data, size);
    }
    memhive_free(&m);
}

/* --- a sound hive: an index root, big data, classes, a second descriptor ------------------------
 */

static u8 *sound;
static size_t sound_size;

static void plant(struct hview *h, u32 root)
{
    static const u8 sd[20] = {1, 0, 0, 0x80};
    static u8 big[40000];
    u32 key = root, child;

    for (u32 i = 0; i < 150; i++) {
        char16_t name[2] = {(char16_t)(u'a' + i % 26), (char16_t)(u'0' + i / 26)};
        struct key_new what = {.name = name, .name_len = 2, .class_name = name, .class_size = 4};
        key_create(h, i % 50 == 49 ? key : root, &what, &child);
        if (i % 50 == 49)
            key = child;
        if (i % 3 == 0)
            val_set(h, child, name, i % 2, i % 12, big, i % 20);
    }
    val_set(h, key, u"big", 3, 3, big, sizeof(big));
    key_set_security(h, key, sd, sizeof(sd));
}

/* Where the cells of the sound hive begin in its file, and its allocated ones at that. */
static u32 cells[4096], cell_count;

static void find_cells(void)
{
    for (size_t at = 4096; at + 4096 <= sound_size;) {
        u32 size;
        size_t end;

        memcpy(&size, sound + at + BIN_SIZE, 4);
        end = at + size;
        for (at += BIN_HEAD; at < end && cell_count < ARRAY_LEN(cells);) {
            i32 n;

            memcpy(&n, sound + at, 4);
            if (n < 0)
                cells[cell_count++] = (u32)at;
            at += (size_t)(n < 0 ? -n : n);
        }
        at = end;
    }
}

static void make_sound(void)
{
    struct key_ref root;
    struct memhive m;
    struct hview h;
    void *file;

    if (memhive_create(&m, u"R", NULL, 0))
        abort();
    memhive_write_begin(&m, &h);
    key_root(&h, &root);
    plant(&h, root.cell);
    if (memhive_write_commit(&m, &h) || memhive_save(&m, &file, &sound_size))
        abort();
    sound = file;
    memhive_free(&m);
    find_cells();
}

static u32 some_cell(const u8 *data)
{
    return cells[(data[0] | data[1] << 8) % cell_count];
}

/* Eight bytes make one change: a byte anywhere, or in a record a word that becomes a small number,
 * any number, or the place of another record. */
static void change_file(u8 *file, const u8 *data)
{
    u32 cell = some_cell(data + 1), value = 0;
    size_t at = cell + CELL_HEAD + data[3] % 96 / 2 * 2, n = data[0] & 4 ? 4 : 2;

    switch (data[0] & 3) {
    case 0:
        at = (data[1] | data[2] << 8 | (size_t)data[3] << 16);
        n = 1;
        value = data[4];
        break;
    case 1:
        value = data[4];
        break;
    case 2:
        memcpy(&value, data + 4, 4);
        break;
    default:
        n = 4;
        value = some_cell(data + 4) - 4096;
    }
    if (data[0] & 8)
        at = cell; /* its size */
    if (at + n <= sound_size)
        memcpy(file + at, &value, n);
}

/* The first half of the input changes it. */
static void take_changed(const u8 *data, size_t size)
{
    u8 *file = malloc(sound_size);

    memcpy(file, sound, sound_size);
    for (size_t i = 0; i + 8 <= size / 2 && i < 128; i += 8)
        change_file(file, data + i);
    take(file, sound_size, data + size / 2, size - size / 2);
    free(file);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    if (!sound)
        make_sound();
    if (size >= 4 && !memcmp(data, "regf", 4))
        take(data, size, data, size);
    else
        take_changed(data, size);
    return 0;
}
