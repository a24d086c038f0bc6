/*
 * A table as a text archive.
 */
#include <string.h>

#include "archive.h"
#include "archive_summary.h"
#include "archive_text.h"
#include "codepage.h"
#include "coltype.h"
#include "fault.h"
#include "filename.h"
#include "os.h"
#include "stg.h"
#include "utf16.h"

struct writer {
    struct db_core *db;
    struct table *t;
    const char16_t *folder; /* where the archive goes */
    char16_t *streams;      /* the folder of the objects, once it is made */
    struct file_names used; /* in it */
    struct buf out;         /* char16_t */
    size_t third;           /* where in `out` the third line begins */
};

/* --- objects ---------------------------------------------------------------------------------- */

static u32 copy_stream(struct stg_stream *st, const char16_t *path)
{
    struct os_file *f;
    u8 piece[8192];
    u64 at = 0;
    u32 got, err;

    /* a file of an export before gives way; what somebody planted there is not followed */
    os_remove(path);
    err = os_open(path, OS_WRITE | OS_CREATE | OS_EXCLUSIVE, &f);

    if (err)
        return ERROR_FUNCTION_FAILED;
    do {
        err = stg_stream_read(st, at, piece, sizeof(piece), &got);
        if (!err && got)
            err = os_write_at(f, at, piece, got);
        at += got;
    } while (!err && got);
    os_close(f);
    return err;
}

static u32 make_folder(struct writer *w)
{
    u32 err = ERROR_SUCCESS;

    if (!w->streams)
        err = archive_folder(db_core_strings(w->db), tbl_name(w->t), w->folder, &w->streams);
    else
        return ERROR_SUCCESS;
    if (err)
        return err;
    err = os_make_folder(w->streams);
    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

/* The stream's name without the table's, as the name of a file that no other object of the table
 * has. */
static u32 file_name(struct writer *w, u32 row, char16_t *out, size_t cap)
{
    char16_t name[80];
    size_t at = sp_len(db_core_strings(w->db), tbl_name(w->t)) + 1, n;
    u32 err = db_core_stream_name(w->db, w->t, row, name, ARRAY_LEN(name));

    if (err)
        return err;
    n = file_name_of(name + at, u16_len(name + at), out, cap);
    if (!n)
        return ERROR_FUNCTION_FAILED;
    u16_copy(out + n, cap - n, u".ibd");
    return file_names_add(&w->used, out, cap);
}

static u32 add_object(struct writer *w, u32 row, u32 col)
{
    char16_t name[260], *path = NULL;
    struct stg_stream *st = NULL;
    u32 err = file_name(w, row, name, ARRAY_LEN(name));

    if (!err)
        err = make_folder(w);
    if (!err)
        err = db_core_cell_stream(w->db, w->t, row, col, &st);
    if (err)
        return err;
    path = archive_path(w->streams, name);
    err = path ? copy_stream(st, path) : ERROR_OUTOFMEMORY;
    os_free(path);
    stg_stream_close(st);
    return err ? err : archive_add_escaped(&w->out, name, u16_len(name));
}

/* --- rows ------------------------------------------------------------------------------------- */

static u32 add_string(struct writer *w, u32 id)
{
    struct str_pool *p = db_core_strings(w->db);
    char16_t small[256], *text = small;
    size_t len = sp_len(p, id);
    u32 err;

    if (len > ARRAY_LEN(small)) {
        text = os_alloc_array(len, sizeof(*text));
        if (!text)
            return ERROR_OUTOFMEMORY;
    }
    sp_text(p, id, text, len);
    err = archive_add_escaped(&w->out, text, len);
    if (text != small)
        os_free(text);
    return err;
}

static u32 add_cell(struct writer *w, u32 row, u32 col)
{
    u32 cell = tbl_get(w->t, row, col), type = tbl_column(w->t, col)->type;

    if (!cell)
        return ERROR_SUCCESS;
    if (col_is_int(type))
        return archive_add_number(&w->out, cell_to_int(cell));
    return col_is_text(type) ? add_string(w, cell) : add_object(w, row, col);
}

static u32 separate(struct writer *w, u32 i)
{
    return i ? archive_add(&w->out, u"\t", 1) : ERROR_SUCCESS;
}

static u32 end_line(struct writer *w)
{
    return archive_add(&w->out, u"\r\n", 2);
}

/* Temporary columns and rows are not exported, unless the whole table is temporary. */
static u32 exported_columns(const struct table *t)
{
    u32 n = tbl_columns(t);

    while (!tbl_is_temporary(t) && n && tbl_column(t, n - 1)->type & COL_TEMPORARY)
        n--;
    return n;
}

static u32 add_rows(struct writer *w)
{
    struct tbl_cursor c;
    u32 row, err, n = exported_columns(w->t);

    tbl_start(&c);
    while (!(err = tbl_next(w->t, &c, &row)) && row != TBL_NONE) {
        if (tbl_row_temporary(w->t, row) && !tbl_is_temporary(w->t))
            continue;
        for (u32 i = 0; !err && i < n; i++) {
            err = separate(w, i);
            if (!err)
                err = add_cell(w, row, i);
        }
        if (!err)
            err = end_line(w);
        if (err)
            break;
    }
    return err;
}

static u32 add_header(struct writer *w)
{
    u32 err = ERROR_SUCCESS, n = exported_columns(w->t);

    for (u32 i = 0; !err && i < n; i++) {
        err = separate(w, i);
        if (!err)
            err = add_string(w, tbl_column(w->t, i)->name);
    }
    if (!err)
        err = end_line(w);
    for (u32 i = 0; !err && i < n; i++) {
        char16_t type[COL_TYPE_TEXT_MAX];

        col_type_text(tbl_column(w->t, i)->type & ~(u32)COL_TEMPORARY, type);
        err = separate(w, i);
        if (!err)
            err = archive_add(&w->out, type, u16_len(type));
    }
    if (!err)
        err = end_line(w);
    w->third = w->out.len / sizeof(char16_t);
    if (!err)
        err = add_string(w, tbl_name(w->t));
    for (u32 i = 0; !err && i < tbl_keys(w->t); i++) {
        err = separate(w, 1);
        if (!err)
            err = add_string(w, tbl_column(w->t, i)->name);
    }
    return err ? err : end_line(w);
}

/* --- the file --------------------------------------------------------------------------------- */

static bool needs_stamp(const char16_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] >= 0x80)
            return true;
    return false;
}

/* Text that is not ASCII says on the third line what code page it is in. */
static u32 add_stamp(struct writer *w, u32 codepage)
{
    size_t at = w->third * sizeof(char16_t), len = w->out.len;
    struct buf stamp = {0};
    u32 err;

    if (!needs_stamp((const char16_t *)(const void *)w->out.data, len / sizeof(char16_t)))
        return ERROR_SUCCESS;
    err = archive_add_number(&stamp, (i32)codepage);
    if (!err)
        err = archive_add(&stamp, u"\t", 1);
    if (!err)
        err = buf_add(&w->out, NULL, stamp.len);
    if (!err) {
        memmove(w->out.data + at + stamp.len, w->out.data + at, len - at);
        memcpy(w->out.data + at, stamp.data, stamp.len);
    }
    buf_free(&stamp);
    return err;
}

static u32 write_table(struct writer *w, const char16_t *table, size_t len, u32 codepage)
{
    u32 err = db_core_table(w->db, table, len, &w->t);

    if (err == ERROR_INVALID_TABLE) /* not among what MsiDatabaseExport is documented to answer */
        return ERROR_FUNCTION_FAILED;
    if (!err)
        err = add_header(w);
    if (!err)
        err = add_rows(w);
    return err ? err : add_stamp(w, codepage);
}

static u32 write_codepage(struct writer *w)
{
    u32 err = archive_add(&w->out, u"\r\n\r\n", 4);

    if (!err)
        err = archive_add_number(&w->out, (i32)sp_codepage(db_core_strings(w->db)));
    return err ? err : archive_add(&w->out, u"\t_ForceCodepage\r\n", 17);
}

u32 archive_export(struct db_core *db, const char16_t *table, size_t len, const char16_t *folder,
                   const char16_t *file, struct fault *fault)
{
    struct writer w = {.db = db, .folder = folder};
    u32 codepage = sp_codepage(db_core_strings(db)), err;
    char16_t *path = archive_path(folder, file);

    if (!codepage)
        codepage = codepage_acp();
    if (!path)
        err = ERROR_OUTOFMEMORY;
    else if (u16_is(table, len, "_ForceCodepage"))
        err = write_codepage(&w);
    else if (u16_is(table, len, "_SummaryInformation"))
        err = archive_summary_write(db, &w.out);
    else
        err = write_table(&w, table, len, codepage);
    if (!err)
        err = archive_write_file(path, (const char16_t *)(const void *)w.out.data,
                                 w.out.len / sizeof(char16_t), codepage);
    if (err)
        fault_set(fault, FAULT_EXPORT_WRITE, file);
    buf_free(&w.out);
    os_free(w.streams);
    file_names_free(&w.used);
    os_free(path);
    return err;
}
