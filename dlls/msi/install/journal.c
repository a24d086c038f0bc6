#include "journal.h"

#include <string.h>

#include "journal_list.h"
#include "notes.h"
#include "os.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum { TRIES = 100, HOST_PATH = 4096 };
enum { OWNER_LOCK, HEIR_LOCK }; /* bytes of the file */

static const char magic[] = "DcntrJnl";
static const char16_t ending[] = u".rbs";

struct journal {
    struct notes notes;
    char16_t name[JOURNAL_NAME];
    char16_t path[40];
    bool foreign; /* it is no journal of this program's */
};

/* --- the folder ---------------------------------------------------------------------------------
 */

static const char16_t home_name[] = u"\\Config.Msi";

size_t journal_home(char16_t out[16])
{
    tgt_system_drive(out);
    memcpy(out + 2, home_name, sizeof(home_name));
    return u16_len(out);
}

u32 journal_make_home(const char16_t *folder)
{
    u32 err = tgt_make_folder(folder);

    if (err == ERROR_ALREADY_EXISTS)
        return ERROR_SUCCESS;
    if (!err)
        err = tgt_set_attributes(folder, TGT_FOLDER | TGT_HIDDEN | TGT_SYSTEM);
    return err;
}

struct walk {
    u32 (*each)(void *ctx, const char16_t *file);
    void *ctx;
};

static u32 see_name(void *ctx, const char16_t *name, u32 attributes)
{
    struct walk *w = ctx;
    size_t len = u16_len(name);

    if ((attributes & (TGT_FOLDER | TGT_LINK)) || len != JOURNAL_NAME - 1 + 4 ||
        !u16_equal_fold(name + JOURNAL_NAME - 1, ending))
        return ERROR_SUCCESS;
    return w->each(w->ctx, name);
}

u32 journal_each(u32 (*each)(void *ctx, const char16_t *file), void *ctx)
{
    struct walk w = {each, ctx};
    char16_t home[16];
    u32 err;

    journal_home(home);
    err = tgt_each(home, see_name, &w);
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND ? ERROR_SUCCESS : err;
}

/* --- opening and closing ------------------------------------------------------------------------
 */

void journal_close(struct journal *j)
{
    notes_close(&j->notes);
    os_free(j);
}

u32 journal_remove(struct journal *j)
{
    char16_t path[ARRAY_LEN(j->path)];
    u32 err;

    /* While it is locked, so that nobody takes it for one without an owner; where the system does
     * not remove what is open, after that. */
    err = tgt_remove(j->path);
    if (err) {
        os_close(j->notes.file);
        j->notes.file = NULL;
        err = tgt_remove(j->path);
    }
    memcpy(path, j->path, sizeof(path));
    journal_close(j);
    /* last, for without it nobody would remove the file */
    return err && err != ERROR_FILE_NOT_FOUND ? err : journal_list_remove(path);
}

static struct journal *named(const char16_t *name)
{
    struct journal *j = os_calloc(1, sizeof(*j));
    size_t n;

    if (!j)
        return NULL;
    u16_copy(j->name, JOURNAL_NAME, name);
    n = journal_home(j->path);
    j->path[n++] = '\\';
    n += u16_copy(j->path + n, ARRAY_LEN(j->path) - n, j->name);
    u16_copy(j->path + n, ARRAY_LEN(j->path) - n, ending);
    return j;
}

/* lock: gets it or fails. */
static u32 open_and(struct journal *j, u32 flags, u32 (*lock)(struct journal *j, void *ctx),
                    void *ctx)
{
    char16_t *host = os_alloc_array(HOST_PATH, sizeof(*host));
    u32 err = host ? tgt_host_path(j->path, host, HOST_PATH) : ERROR_OUTOFMEMORY;

    if (!err)
        err = os_open(host, OS_WRITE | flags, &j->notes.file);
    if (!err)
        err = lock(j, ctx);
    /* one that was removed between the two is nobody's */
    if (!err && !os_is_named(j->notes.file, host))
        err = ERROR_FILE_NOT_FOUND;
    os_free(host);
    return err;
}

static u32 lock_now(struct journal *j, void *ctx)
{
    u32 err = os_lock(j->notes.file, OWNER_LOCK, 1, true, 0);

    UNUSED(ctx);
    if (!err && os_locked(j->notes.file, HEIR_LOCK, 1))
        err = ERROR_LOCK_VIOLATION;
    return err;
}

static u32 open_locked(struct journal *j, u32 flags)
{
    return open_and(j, flags, lock_now, NULL);
}

static void random_name(char16_t name[JOURNAL_NAME])
{
    static const char16_t digits[] = u"0123456789abcdef";
    u8 bytes[4];

    os_random(bytes, sizeof(bytes));
    for (u32 i = 0; i < JOURNAL_NAME - 1; i++)
        name[i] = digits[bytes[i / 2] >> (i % 2 * 4) & 15];
    name[JOURNAL_NAME - 1] = 0;
}

u32 journal_create(struct journal **out)
{
    char16_t home[16], name[JOURNAL_NAME];
    struct journal *j;
    u32 err;

    journal_home(home);
    for (u32 i = 0; i < TRIES; i++) {
        err = journal_make_home(home);
        random_name(name);
        j = err ? NULL : named(name);
        if (!j)
            return err ? err : ERROR_OUTOFMEMORY;
        err = open_locked(j, OS_CREATE | OS_EXCLUSIVE);
        if (!err)
            err = notes_begin(&j->notes, magic);
        if (!err)
            err = tgt_sync_folder(home);
        if (!err)
            err = journal_list_add(j->path);
        if (!err) {
            *out = j;
            return ERROR_SUCCESS;
        }
        if (j->notes.file && err != ERROR_FILE_NOT_FOUND && err != ERROR_LOCK_VIOLATION)
            journal_remove(j);
        else
            journal_close(j);
        /* somebody else's, or it was taken for one without an owner: another name */
        if (err != ERROR_FILE_EXISTS && err != ERROR_FILE_NOT_FOUND && err != ERROR_LOCK_VIOLATION)
            return err;
    }
    return err;
}

/* --- notes --------------------------------------------------------------------------------------
 */

const char16_t *journal_name(const struct journal *j)
{
    return j->name;
}

u32 journal_add(struct journal *j, const struct op *note)
{
    return notes_add(&j->notes, note);
}

u32 journal_write(struct journal *j, bool sync)
{
    return notes_write(&j->notes, sync);
}

size_t journal_size(const struct journal *j)
{
    return j->notes.bytes.len;
}

u32 journal_count(const struct journal *j)
{
    return j->notes.count;
}

void journal_note(const struct journal *j, u32 i, struct op *note)
{
    notes_at(&j->notes, i, note);
}

/* --- one that was left --------------------------------------------------------------------------
 */

u32 journal_open(const char16_t *file, struct journal **out)
{
    struct journal *j = named(file);
    bool listed = true;
    u32 err;

    if (!j)
        return ERROR_OUTOFMEMORY;
    err = open_locked(j, 0);
    if (!err)
        err = notes_read(&j->notes, magic, &j->foreign); /* without a whole head nothing was done */
    /* Nothing was done before it was listed. */
    if (!err && (j->notes.count || j->foreign))
        err = journal_list_has(j->path, &listed);
    if (!err && !listed) {
        TRACE(TRACE_MSI, "a journal of %u notes that this registry does not know is left alone",
              j->notes.count);
        err = ERROR_FILE_NOT_FOUND;
    }
    if (err) {
        journal_close(j);
        return err == ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : err;
    }
    *out = j;
    return ERROR_SUCCESS;
}

struct heir {
    u32 timeout_ms;
    u32 (*taken)(void *ctx);
    void *ctx;
};

static u32 lock_as_heir(struct journal *j, void *ctx)
{
    const struct heir *h = ctx;
    u32 err = os_lock(j->notes.file, HEIR_LOCK, 1, true, h->timeout_ms);

    if (!err && h->taken)
        err = h->taken(h->ctx);
    if (err)
        return err;
    err = os_lock(j->notes.file, OWNER_LOCK, 1, true, h->timeout_ms);
    if (!err)
        os_unlock(j->notes.file, HEIR_LOCK, 1);
    return err;
}

u32 journal_take(const char16_t *file, u32 timeout_ms, u32 (*taken)(void *ctx), void *ctx,
                 struct journal **out)
{
    struct heir h = {timeout_ms, taken, ctx};
    struct journal *j = named(file);
    u32 err;

    if (!j)
        return ERROR_OUTOFMEMORY;
    err = open_and(j, 0, lock_as_heir, &h);
    if (!err)
        err = notes_read(&j->notes, magic, &j->foreign); /* without a whole head nothing was done */
    if (err) {
        journal_close(j);
        return err == ERROR_PATH_NOT_FOUND ? ERROR_FILE_NOT_FOUND : err;
    }
    *out = j;
    return ERROR_SUCCESS;
}
