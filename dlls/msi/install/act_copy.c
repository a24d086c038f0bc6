/*
 * DuplicateFiles, RemoveDuplicateFiles and MoveFiles: files that are made of others of the machine.
 */
#include "act_files.h"
#include "act_folder.h"
#include "file_table.h"
#include "rows.h"
#include "session_impl.h"
#include "target.h"
#include "utf16.h"
#include "wildcard.h"

/* --- what is common -----------------------------------------------------------------------------
 */

struct copying {
    struct install *in;
    struct file_table t;
    struct making made;
    struct leaving leaving;
};

static u32 tell_copy(struct install *in, const char16_t *name, u64 size, const char16_t *path,
                     size_t folder_len)
{
    const char16_t *texts[9] = {name};
    char16_t digits[12], *folder = u16_dup(path, folder_len);
    u32 err;

    if (!folder)
        return ERROR_OUTOFMEMORY;
    rec_format_int((i32)MIN(size, (u64)0x7fffffff), digits);
    texts[5] = digits;
    texts[8] = folder;
    err = plan_data(in, 9, texts);
    os_free(folder);
    return err;
}

/* folder_len: of the folder of `to`, with its backslash. */
static u32 plan_copy(struct copying *p, u32 kind, const char16_t *from, const char16_t *to,
                     size_t folder_len, u64 size)
{
    struct op op;
    u32 err;

    if (u16_equal_fold(from, to))
        return ERROR_SUCCESS;
    err = plan_folder_made(p->in, &p->made, to, folder_len);
    if (!err)
        err = tell_copy(p->in, to + folder_len, size, to, folder_len);
    op_begin(&op, kind);
    op_text(&op, from);
    op_text(&op, to);
    return err ? err : plan(p->in, &op);
}

static u32 component_of(const struct copying *p, struct record *row, u32 field)
{
    struct rec_view v;

    return rec_view(row, field, &v) ? NAME_NONE : names_find(&p->in->s->components, v.text, v.len);
}

/* --- duplicates ---------------------------------------------------------------------------------
 */

enum { DUPLICATE_COMPONENT = 1, DUPLICATE_FILE, DUPLICATE_NAME, DUPLICATE_FOLDER };

static const struct file_row *original(const struct copying *p, struct record *row)
{
    struct rec_view v;
    u32 i =
        rec_view(row, DUPLICATE_FILE, &v) ? NAME_NONE : names_find(&p->in->s->files, v.text, v.len);

    return i < p->t.count ? &p->t.rows[i] : NULL;
}

/* The path of the duplicate; *folder_len is 0 where its folder has no place. */
static u32 duplicate_path(struct copying *p, struct record *row, const struct file_row *f,
                          struct text_buf *to, size_t *folder_len)
{
    struct rec_view name, folder;
    bool found = true;
    u32 err;

    *folder_len = 0;
    if (rec_view(row, DUPLICATE_NAME, &name) || rec_view(row, DUPLICATE_FOLDER, &folder))
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (folder.len) {
        err = path_of_property(p->in, folder.text, to, &found);
    } else {
        const struct component *c = names_at(&p->in->s->components, f->component);

        err = path_of_folder(p->in, c->folder, to);
    }
    if (err || !found)
        return err;
    *folder_len = to->len;
    return path_add_name(to, name.len ? name.text : f->name);
}

static u32 duplicate(struct copying *p, struct record *row, const struct file_row *f)
{
    struct text_buf from, to;
    size_t folder_len = 0;
    struct tgt_stat st;
    u32 err;

    tb_init(&from);
    tb_init(&to);
    err = file_table_path(p->in, f, &from);
    if (!err)
        err = duplicate_path(p, row, f, &to, &folder_len);
    /* what is not there, and does not come, cannot be copied */
    if (!err && folder_len && (component_installs(p->in, f->component) || !tgt_stat(from.s, &st)))
        err = plan_copy(p, OP_FILE_COPY, from.s, to.s, folder_len, f->size);
    tb_free(&from);
    tb_free(&to);
    return err;
}

static u32 duplicate_row(void *ctx, struct record *row)
{
    struct copying *p = ctx;
    const struct file_row *f = original(p, row);

    if (!f || f->component == NAME_NONE ||
        !component_installs(p->in, component_of(p, row, DUPLICATE_COMPONENT)))
        return ERROR_SUCCESS;
    return duplicate(p, row, f);
}

static bool is_original(struct copying *p, const struct file_row *f, const char16_t *path)
{
    struct text_buf own;
    bool is;

    tb_init(&own);
    is = !file_table_path(p->in, f, &own) && u16_equal_fold(own.s, path);
    tb_free(&own);
    return is;
}

static u32 remove_duplicate(struct copying *p, struct record *row, const struct file_row *f)
{
    struct text_buf to;
    struct tgt_stat st;
    size_t folder_len;
    u32 err;

    tb_init(&to);
    err = duplicate_path(p, row, f, &to, &folder_len);
    if (!err && folder_len && !is_original(p, f, to.s)) {
        if (!tgt_stat(to.s, &st) && !(st.attributes & TGT_FOLDER))
            err = plan_file_removed(p->in, to.s, folder_len);
        if (!err)
            err = leaving_add(&p->leaving, to.s, folder_len, false);
    }
    tb_free(&to);
    return err;
}

static u32 remove_duplicate_row(void *ctx, struct record *row)
{
    struct copying *p = ctx;
    const struct file_row *f = original(p, row);

    if (!f || f->component == NAME_NONE ||
        !component_removes(p->in, component_of(p, row, DUPLICATE_COMPONENT)))
        return ERROR_SUCCESS;
    return remove_duplicate(p, row, f);
}

static const char16_t duplicates[] =
    u"SELECT `Component_`, `File_`, `DestName`, `DestFolder` FROM `DuplicateFile`";

u32 duplicate_files(struct install *in)
{
    struct copying p = {.in = in};
    u32 err = file_table_read(in->s, &p.t);

    if (!err)
        err = rows_each(in->s->db, duplicates, NULL, duplicate_row, &p);
    file_table_free(&p.t);
    making_free(&p.made);
    return err;
}

u32 remove_duplicate_files(struct install *in)
{
    struct copying p = {.in = in};
    u32 err = leaving_begin(in, &p.leaving);

    if (!err)
        err = file_table_read(in->s, &p.t);
    if (!err)
        err = rows_each(in->s->db, duplicates, NULL, remove_duplicate_row, &p);
    if (!err)
        err = leaving_plan(in, &p.leaving);
    file_table_free(&p.t);
    leaving_end(&p.leaving);
    return err;
}

/* --- moving -------------------------------------------------------------------------------------
 */

enum { MOVE_COMPONENT = 1, MOVE_SOURCE, MOVE_NAME, MOVE_FROM, MOVE_TO, MOVE_OPTIONS };

/* A row of MoveFile, its folders found. */
struct moving {
    struct copying *p;
    u32 kind;
    const char16_t *pattern, *name; /* name NULL: the source's */
    size_t pattern_len;
    struct text_buf from, to; /* folders */
};

static u32 move_one(struct moving *m, const char16_t *name)
{
    size_t from_len = m->from.len, to_len = m->to.len;
    struct tgt_stat st;
    u32 err;

    tb_add(&m->from, name, u16_len(name));
    if (m->from.failed)
        return ERROR_OUTOFMEMORY;
    err = path_add_name(&m->to, m->name ? m->name : name);
    if (!err && !tgt_stat(m->from.s, &st) && !(st.attributes & (TGT_FOLDER | TGT_LINK)))
        err = plan_copy(m->p, m->kind, m->from.s, m->to.s, to_len, st.size);
    tb_cut(&m->from, from_len);
    tb_cut(&m->to, to_len);
    return err;
}

static u32 move_match(void *ctx, const char16_t *name, u32 attributes)
{
    struct moving *m = ctx;

    if ((attributes & (TGT_FOLDER | TGT_LINK)) ||
        !wildcard_matches(m->pattern, m->pattern_len, name, u16_len(name)))
        return ERROR_SUCCESS;
    return move_one(m, name);
}

static u32 move_matches(struct moving *m)
{
    char16_t *folder;
    u32 err = wildcard_take_long(&m->pattern, &m->pattern_len);

    if (err)
        return err;
    if (!wildcard_is_one(m->pattern, m->pattern_len))
        return move_one(m, m->pattern);
    m->name = NULL; /* several files keep their names */
    folder = u16_dup(m->from.s, m->from.len > 3 ? m->from.len - 1 : m->from.len);
    if (!folder)
        return ERROR_OUTOFMEMORY;
    err = tgt_each(folder, move_match, m);
    os_free(folder);
    return err == ERROR_PATH_NOT_FOUND || err == ERROR_FILE_NOT_FOUND || err == ERROR_DIRECTORY
               ? ERROR_SUCCESS
               : err;
}

/* The property of the source's folder has the file's name too: the path is taken apart. */
static u32 move_whole(struct moving *m)
{
    size_t start, end = m->from.len;
    char16_t *name;
    u32 err;

    if (end && m->from.s[end - 1] == '\\')
        end--;
    for (start = end; start && m->from.s[start - 1] != '\\';)
        start--;
    name = u16_dup(m->from.s + start, end - start);
    if (!name)
        return ERROR_OUTOFMEMORY;
    tb_cut(&m->from, start);
    err = move_one(m, name);
    os_free(name);
    return err;
}

static u32 move_found(struct moving *m, struct record *row)
{
    struct rec_view source, name, from, to;
    bool found;
    u32 err;

    if (rec_view(row, MOVE_SOURCE, &source) || rec_view(row, MOVE_NAME, &name) ||
        rec_view(row, MOVE_FROM, &from) || rec_view(row, MOVE_TO, &to))
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = path_of_property(m->p->in, from.text, &m->from, &found);
    if (!err && found)
        err = path_of_property(m->p->in, to.text, &m->to, &found);
    if (err || !found)
        return err;
    m->name = name.len ? name.text : NULL;
    m->pattern = source.text;
    m->pattern_len = source.len;
    return source.len ? move_matches(m) : move_whole(m);
}

static u32 move_row(void *ctx, struct record *row)
{
    struct moving m = {.p = ctx};
    u32 err;

    if (!component_comes(m.p->in, component_of(m.p, row, MOVE_COMPONENT)))
        return ERROR_SUCCESS;
    m.kind = rec_get_int(row, MOVE_OPTIONS) == 1 ? OP_FILE_MOVE : OP_FILE_COPY;
    tb_init(&m.from);
    tb_init(&m.to);
    err = move_found(&m, row);
    tb_free(&m.from);
    tb_free(&m.to);
    return err;
}

u32 move_files(struct install *in)
{
    struct copying p = {.in = in};
    u32 err = rows_each(in->s->db,
                        u"SELECT `Component_`, `SourceName`, `DestName`, `SourceFolder`, "
                        u"`DestFolder`, `Options` FROM `MoveFile`",
                        NULL, move_row, &p);

    making_free(&p.made);
    return err;
}
