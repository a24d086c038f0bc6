/*
 * The database of a session that was opened without a package: of no file, with the tables of a
 * session alone.
 *
 *   _Property        as in every session
 *   #_FolderCache    the folders of the machine, by the names of their properties
 */
#include "dbfeed.h"
#include "session_impl.h"
#include "utf16.h"

static bool is_folder(const struct property *p)
{
    return p->name_len > 6 && u16_is(p->name + p->name_len - 6, 6, "Folder");
}

static u32 add_folder(struct db_core *db, struct table *t, const struct property *p)
{
    const struct value values[2] = {{.kind = VALUE_TEXT, .text = p->name, .len = p->name_len},
                                    {.kind = VALUE_TEXT, .text = p->value, .len = p->value_len}};
    u32 row;

    return db_core_insert(db, t, values, true, &row);
}

u32 folder_cache_make(struct session *s)
{
    static const struct column_spec columns[] = {
        {u"Folder", 6, COL_VALID | COL_PLAIN | COL_STRING | COL_KEY | COL_TEMPORARY | 72},
        {u"FolderPath", 10, COL_VALID | COL_PLAIN | COL_STRING | COL_NULLABLE | COL_TEMPORARY}};
    struct db_core *db = s->db->core;
    struct table *t;
    u32 err;

    db_lock(s->db);
    db_core_hide_storage(db);
    s->db->bare = true;
    err = db_core_create_table(db, u"#_FolderCache", 13, columns, 2, true, true, &t);
    for (u32 i = 0; !err && i < s->props.count; i++)
        if (is_folder(&s->props.all[i]))
            err = add_folder(db, t, &s->props.all[i]);
    db_unlock(s->db);
    return err;
}
