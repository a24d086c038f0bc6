/*
 * A table from a text archive.
 *
 * The table of that name gives way to the new one, and comes back with its streams where anything
 * about the archive is bad (db_core_begin): a bad archive changes nothing.
 */
#include "archive.h"
#include "archive_summary.h"
#include "archive_text.h"
#include "coltype.h"
#include "fault.h"
#include "filename.h"
#include "os.h"
#include "stg.h"
#include "trace.h"
#include "utf16.h"

enum { HEAD_LINES = 3 }; /* names, types, keys */

struct importer {
    struct db_core *db;
    const char16_t *folder, *file;
    struct fault *fault;
    struct archive a;
    struct text table;
    struct column_spec columns[TBL_MAX_COLUMNS];
    u32 place[TBL_MAX_COLUMNS]; /* of the archive's columns in the table */
    u32 count;
    u32 number;      /* of the line in work, from 1; 0 where none is at fault */
    struct buf line; /* a copy of the line in work, to put control characters back in */
};

/* --- objects ---------------------------------------------------------------------------------- */

/* A file as the content of a cell. */
struct file_source {
    struct stream_source source;
    struct os_file *f;
};

static u32 put_file(struct stream_source *s, struct stg *stg, const char16_t *name)
{
    struct file_source *file = CONTAINER_OF(s, struct file_source, source);
    u64 size;
    u32 err = os_size(file->f, &size);

    return err ? err : stg_set_file(stg, name, file->f, 0, size);
}

static u32 open_in(struct importer *im, const char16_t *name, size_t len, const char16_t *file,
                   struct os_file **f)
{
    char16_t sub[3 * 260 + 4], *folder = NULL, *path = NULL;
    u32 err = ERROR_OUTOFMEMORY;

    if (!file_name_of(name, len, sub, ARRAY_LEN(sub)))
        return ERROR_FUNCTION_FAILED;
    folder = archive_path(im->folder, sub);
    if (folder)
        path = archive_path(folder, file);
    if (path)
        err = os_open(path, OS_READ, f);
    os_free(folder);
    os_free(path);
    return err;
}

/* Objects are in a folder named after the table; where there is none, in one that is named after
 * the archive, which other writers take. */
static u32 open_object(struct importer *im, const struct text *name, struct os_file **f)
{
    char16_t *file = u16_dup(name->at, name->len);
    size_t base = u16_len(im->file);
    u32 err;

    if (!file)
        return ERROR_OUTOFMEMORY;
    /* an archive names files of its folder, not others and no devices */
    if (!file_name_is_plain(name->at, name->len)) {
        os_free(file);
        return ERROR_FUNCTION_FAILED;
    }
    while (base && im->file[base] != u'.')
        base--;
    err = open_in(im, im->table.at, im->table.len, file, f);
    if (err && err != ERROR_OUTOFMEMORY && base)
        err = open_in(im, im->file, base, file, f);
    os_free(file);
    return err == ERROR_OUTOFMEMORY || !err ? err : ERROR_FUNCTION_FAILED;
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool to_int(const struct text *t, i32 *value)
{
    bool minus = t->len && t->at[0] == u'-';
    size_t len = t->len;
    u32 v;

    while (len && t->at[len - 1] == u' ')
        len--;
    if (!u16_to_u32(t->at + minus, len - minus, &v) || v > 0x7fffffff)
        return false;
    *value = minus ? -(i32)v : (i32)v;
    return true;
}

static u32 to_value(struct importer *im, u32 type, struct text *field, struct value *v,
                    struct file_source *file)
{
    if (!field->len)
        return ERROR_SUCCESS;
    if (col_is_int(type)) {
        v->kind = VALUE_INT;
        return to_int(field, &v->i) ? ERROR_SUCCESS : ERROR_FUNCTION_FAILED;
    }
    archive_unescape(field);
    if (col_is_text(type)) {
        *v = (struct value){.kind = VALUE_TEXT, .text = field->at, .len = field->len};
        return ERROR_SUCCESS;
    }
    if (file->f) /* one object a table */
        return ERROR_FUNCTION_FAILED;
    file->source.put = put_file;
    *v = (struct value){.kind = VALUE_STREAM, .stream = &file->source};
    return open_object(im, field, &file->f);
}

static u32 copy_line(struct importer *im, struct text *line)
{
    u32 err;

    im->line.len = 0;
    err = archive_add(&im->line, line->at, line->len);
    line->at = (char16_t *)(void *)im->line.data;
    return err;
}

/* Fields beyond the last column are left out; none may be missing. */
static u32 take_fields(struct importer *im, struct text *line, struct value *values,
                       struct file_source *file)
{
    struct text field;

    for (u32 i = 0; i < im->count; i++) {
        struct value *v = &values[im->place[i]];
        u32 err = ERROR_FUNCTION_FAILED;

        if (archive_field(line, &field))
            err = to_value(im, im->columns[im->place[i]].type, &field, v, file);
        if (err)
            return err;
    }
    if (line->at)
        TRACE(TRACE_MSI, "%s, line %u: more fields than columns", trace_text(im->file, -1),
              im->number);
    return ERROR_SUCCESS;
}

static u32 add_row(struct importer *im, struct table *t, struct text line)
{
    struct value values[TBL_MAX_COLUMNS] = {{0}};
    struct file_source file = {.f = NULL};
    u32 row, err = copy_line(im, &line);

    if (!err)
        err = take_fields(im, &line, values, &file);
    if (!err)
        err = db_core_insert(im->db, t, values, false, &row);
    os_close(file.f);
    return err;
}

static u32 add_rows(struct importer *im, struct table *t)
{
    struct text rest = im->a.rows, line;
    u32 err = ERROR_SUCCESS;

    for (im->number = HEAD_LINES + 1; archive_line(&rest, &line); im->number++) {
        if (line.len)
            err = add_row(im, t, line);
        if (err)
            return err; /* im->number is the line's */
    }
    im->number = 0;
    return err;
}

/* --- the schema ------------------------------------------------------------------------------- */

static bool same_text(const struct text *a, const char16_t *name, size_t len)
{
    return !u16_compare(a->at, a->len, name, len);
}

static bool is_in(struct text rest, const struct text *name)
{
    struct text field;

    while (archive_field(&rest, &field))
        if (same_text(&field, name->at, name->len))
            return true;
    return false;
}

/* Whether the third line names the column as a key. */
static bool is_key(const struct importer *im, const struct text *name)
{
    struct text rest = im->a.keys, table;

    archive_field(&rest, &table);
    return is_in(rest, name);
}

/* A key that is no column, or one that was named already, would be left out of the table without a
 * word. */
static bool keys_are_names(const struct importer *im)
{
    struct text rest = im->a.keys, key;

    archive_field(&rest, &key); /* the table */
    while (archive_field(&rest, &key))
        if (key.len && (!is_in(im->a.names, &key) || is_in(rest, &key)))
            return false;
    return true;
}

static u32 read_column(struct importer *im, struct text *types, const struct text *name,
                       struct column_spec *spec)
{
    struct text type;
    u32 err;

    if (!archive_field(types, &type) || !name->len)
        return ERROR_FUNCTION_FAILED;
    err = col_type_parse(type.at, type.len, &spec->type);
    spec->name = name->at;
    spec->len = name->len;
    if (is_key(im, name))
        spec->type |= COL_KEY;
    return err ? ERROR_FUNCTION_FAILED : ERROR_SUCCESS;
}

/* Keys come first in a table, wherever they stand in the archive. */
static void order_columns(struct importer *im, const struct column_spec *read)
{
    u32 n = 0;

    for (u32 pass = 0; pass < 2; pass++) {
        for (u32 i = 0; i < im->count; i++) {
            if ((read[i].type & COL_KEY) == (pass ? COL_KEY : 0))
                continue;
            im->columns[n] = read[i];
            im->place[i] = n++;
        }
    }
}

static u32 read_schema(struct importer *im)
{
    struct text names = im->a.names, types = im->a.types, keys = im->a.keys, name;
    struct column_spec read[TBL_MAX_COLUMNS];

    im->number = 3;
    if (!archive_field(&keys, &im->table) || !im->table.len || !keys.at)
        return ERROR_FUNCTION_FAILED;
    im->number = 2;
    while (archive_field(&names, &name)) {
        if (im->count == TBL_MAX_COLUMNS || read_column(im, &types, &name, &read[im->count]))
            return ERROR_FUNCTION_FAILED;
        im->count++;
    }
    if (archive_field(&types, &name) && name.len)
        return ERROR_FUNCTION_FAILED;
    im->number = 3;
    if (!keys_are_names(im)) /* few names by now: each key is looked for in all */
        return ERROR_FUNCTION_FAILED;
    im->number = 0;
    order_columns(im, read);
    return ERROR_SUCCESS;
}

/* --- the table -------------------------------------------------------------------------------- */

static u32 create(struct importer *im, struct table **t)
{
    u32 err = db_core_create_table(im->db, im->table.at, im->table.len, im->columns, im->count,
                                   false, false, t);

    return err == ERROR_BAD_QUERY_SYNTAX ? ERROR_FUNCTION_FAILED : err;
}

static u32 replace_table(struct importer *im)
{
    struct table *t;
    u32 err = db_core_schema(im->db, im->table.at, im->table.len, &t);

    if (!err && tbl_is_system(t))
        return ERROR_FUNCTION_FAILED;
    if (!err)
        err = db_core_drop_table(im->db, t);
    else if (err == ERROR_INVALID_TABLE)
        err = ERROR_SUCCESS;
    if (!err)
        err = create(im, &t);
    return err ? err : add_rows(im, t);
}

/* A stamped archive goes into a database of that code page, or a neutral one, which takes it. */
static u32 take_codepage(struct importer *im)
{
    u32 own = sp_codepage(db_core_strings(im->db));

    if (!im->a.codepage || im->a.codepage == own)
        return ERROR_SUCCESS;
    if (!own)
        return ERROR_SUCCESS;
    fault_set(im->fault, FAULT_IMPORT_CODEPAGE, im->file);
    return ERROR_FUNCTION_FAILED;
}

static u32 import_table(struct importer *im)
{
    struct str_pool *p = db_core_strings(im->db);
    u32 err = take_codepage(im);

    if (!err)
        err = read_schema(im);
    if (!err)
        err = db_core_begin(im->db);
    if (err)
        return err;
    err = replace_table(im);
    if (!err && im->a.codepage && !sp_codepage(p))
        err = sp_set_codepage(p, im->a.codepage);
    return db_core_end(im->db, err);
}

static u32 import_any(struct importer *im)
{
    struct text rest = im->a.keys, name;

    if (!archive_field(&rest, &name))
        return ERROR_FUNCTION_FAILED;
    if (u16_is(name.at, name.len, "_ForceCodepage"))
        return !im->a.stamped ? ERROR_FUNCTION_FAILED
                              : sp_set_codepage(db_core_strings(im->db), im->a.codepage);
    if (u16_is(name.at, name.len, "_SummaryInformation"))
        return archive_summary_read(im->db, &im->a);
    return import_table(im);
}

u32 archive_import(struct db_core *db, const char16_t *folder, const char16_t *file,
                   struct fault *fault)
{
    struct importer im = {.db = db, .folder = folder, .file = file, .fault = fault};
    char16_t *path = archive_path(folder, file);
    u8 *data = NULL;
    size_t len;
    u32 err;

    if (!path)
        return ERROR_OUTOFMEMORY;
    err = archive_read_file(path, &data, &len);
    os_free(path);
    if (err) {
        fault_set(fault, FAULT_IMPORT_OPEN, file);
        return err == ERROR_OUTOFMEMORY ? err : ERROR_FUNCTION_FAILED;
    }
    err = archive_parse(data, len, sp_codepage(db_core_strings(db)), &im.a);
    os_free(data);
    if (!err)
        err = import_any(&im);
    if (err && fault && !fault->number)
        fault->line = im.number;
    if (err)
        fault_set(fault, FAULT_IMPORT_FORMAT, file);
    archive_free(&im.a);
    buf_free(&im.line);
    return err;
}
