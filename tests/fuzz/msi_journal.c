/*
 * Any journal that the registry lists, as the one that an installation left: it is undone, cleaned
 * up, or kept for later. Nothing outside the drives is touched, whatever its notes name, and links
 * in the folders lead nowhere.
 *
 * Input: u8: how the file ends; then notes (ops.h).
 */
#include "../native/run_fixture.h"
#include "hash.h"
#include "journal.h"
#include "ops.h"

enum { SALT = 7, HEAD = 16 };

static char outside[400];

/* As journal.c has it on disk. */
static void add_note(struct buf *file, const struct op *op)
{
    size_t at = file->len;
    u32 parts[3] = {SALT, (u32)at, 0}, size;

    if (buf_add(file, NULL, 8) || op_write(file, op))
        abort();
    size = (u32)(file->len - at - 8);
    parts[2] = hash_shared(file->data + at + 8, size);
    put_le32(file->data + at, size);
    put_le32(file->data + at + 4, hash_shared(parts, sizeof(parts)));
}

static void make_journal(struct buf *file, const u8 *data, size_t size)
{
    struct ops in = {data, size, {{0}}};
    u8 end = ops_byte(&in);
    struct op op;

    if (buf_add(file, "DcntrJnl\1\0\0\0\7\0\0\0", HEAD))
        abort();
    for (u32 i = 0; i < 64 && ops_next(&in, &op); i++)
        add_note(file, &op);
    if (end % 4 == 1 && file->len > HEAD)
        file->len--; /* torn */
    else if (end % 4 == 2 && buf_add(file, data, size))
        abort();
}

static void put_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(bytes, 1, size, f) != size)
        abort();
    fclose(f);
}

static void list_it(void)
{
    struct reg_key *key;

    if (reg_make(REG_MACHINE,
                 u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\Rollback\\Scripts",
                 &key) ||
        reg_set(key, u"C:\\Config.Msi\\0badc0de.rbs", REG_TYPE_DWORD, "\0\0\0", 4))
        abort();
    reg_close(key);
}

static void set_up(const struct buf *file)
{
    char inside[420];

    before();
    snprintf(outside, sizeof(outside), "%s-outside", target_root);
    snprintf(inside, sizeof(inside), "%s/x.txt", outside);
    mkdir(outside, 0755);
    put_bytes(inside, "theirs", 6);
    if (symlink(inside, target_path("drive_c/app/leads.txt")) ||
        symlink(outside, target_path("drive_c/app/link")))
        abort();
    target_folder("drive_c/Config.Msi");
    put_bytes(target_path("drive_c/Config.Msi/0badc0de.rbs"), file->data, file->len);
    list_it();
}

/* Its one file is as it was, and nothing came beside it. */
static void check_outside(void)
{
    char path[420], bytes[16] = "";
    DIR *stream = opendir(outside);
    u32 count = 0;
    FILE *f;

    while (stream && readdir(stream))
        count++;
    if (!stream || count != 3)
        abort();
    closedir(stream);
    snprintf(path, sizeof(path), "%s/x.txt", outside);
    f = fopen(path, "rb");
    if (!f || fread(bytes, 1, sizeof(bytes) - 1, f) != 6 || strcmp(bytes, "theirs"))
        abort();
    fclose(f);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct buf file = {0};

    make_journal(&file, data, size);
    set_up(&file);
    run_recover();
    check_outside();
    run_recover();
    check_outside();
    buf_free(&file);
    target_end();
    target_empty(outside);
    rmdir(outside);
    return 0;
}
