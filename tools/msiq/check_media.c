/*
 * validate: the files, the media they are on, and the cabinets.
 */
#include <stdio.h>
#include <string.h>

#include "cabsource.h"
#include "check.h"
#include "extract.h"

struct listing {
    struct check *c;
    struct plan *plan;
    const struct medium *medium; /* that is read */
    u32 unknown;                 /* files of the cabinet without a row */
};

/* --- what is in cabinets ---------------------------------------------------------------------- */

static u32 open_cabinet(void *ctx, const char16_t *name, struct cab_bytes *out)
{
    struct listing *l = ctx;
    struct medium *m = plan_medium(l->plan, name);
    const char16_t *cabinet = m ? m->cabinet : name;
    u32 err = cabsource_open(l->c->stg, l->plan->package, cabinet, out);

    if (m)
        m->read = true;
    if (err == ERROR_FILE_NOT_FOUND && cabinet[0] == u'#')
        found(l->c, LEVEL_ERROR, u"Media.Cabinet", cabinet,
              "this cabinet is not in the package: error 1334 or 1335",
              "put it in: 'msiq streams FILE put NAME PATH'");
    else if (err == ERROR_FILE_NOT_FOUND)
        found(l->c, LEVEL_WARNING, u"Media.Cabinet", cabinet,
              "this cabinet is not beside the package: it has to be there to install",
              "put it into the package's folder");
    else if (err == ERROR_INVALID_NAME)
        found(l->c, LEVEL_ERROR, u"Media.Cabinet", cabinet, "no name of a file",
              "write the name of a file in the package's folder, or '#' and a stream's");
    return err;
}

static u32 see_file(void *ctx, const struct cab_file *f, bool *want)
{
    struct listing *l = ctx;
    struct item *item = plan_find(l->plan, f->name);

    *want = false;
    if (!item) {
        l->unknown++;
        return ERROR_SUCCESS;
    }
    item->found = true;
    if (item->size != f->size) {
        char text[96];

        snprintf(text, sizeof(text), "FileSize says %u bytes, the cabinet %u", (unsigned)item->size,
                 (unsigned)f->size);
        found(l->c, LEVEL_WARNING, u"File.FileSize", item->key, text,
              "costs are counted wrong; write the file's size");
    }
    return ERROR_SUCCESS;
}

static u32 no_data(void *ctx, const void *bytes, u32 n)
{
    UNUSED(ctx);
    UNUSED(bytes);
    UNUSED(n);
    return ERROR_SUCCESS;
}

static u32 no_end(void *ctx, const struct cab_file *f)
{
    UNUSED(ctx);
    UNUSED(f);
    return ERROR_SUCCESS;
}

/* Whether the list of its files was read. */
static bool list_cabinet(struct listing *l, const struct medium *m)
{
    struct cab_user user = {l, open_cabinet, see_file, no_data, no_end};
    u32 err;

    l->medium = m;
    err = cab_read(&user, m->cabinet);
    if (err && err != ERROR_FILE_NOT_FOUND && err != ERROR_INVALID_NAME)
        found(l->c, LEVEL_ERROR, u"Media.Cabinet", m->cabinet,
              "this is no cabinet, or a damaged one: error 1335", "make the cabinet anew");
    return !err;
}

/* --- files ------------------------------------------------------------------------------------ */

static void check_item(struct check *c, const struct plan *p, const struct item *item,
                       const bool *listed, u32 *loose)
{
    if (item->refused)
        found(c, LEVEL_ERROR, u"File", item->key, item->refused,
              "mend Component, Directory or FileName");
    if (item->medium == NO_MEDIUM && p->media_count)
        found(c, LEVEL_ERROR, u"File.Sequence", item->key,
              "beyond the last LastSequence of Media: error 2602",
              "raise LastSequence of the last medium");
    else if (item->medium == NO_MEDIUM)
        found(c, LEVEL_ERROR, u"Media", item->key, "there is no medium for the file: error 2602",
              "add a row to Media");
    else if (item->in_cabinet && listed[item->medium] && !item->found)
        found(c, LEVEL_ERROR, u"File", item->key, "it is not in its cabinet: error 1334",
              "a cabinet's files have the names of the File column");
    if (!item->in_cabinet)
        ++*loose;
}

static void check_items(struct check *c, const struct plan *p, const bool *listed)
{
    u32 loose = 0;

    for (u32 i = 0; i < p->count; i++)
        check_item(c, p, &p->items[i], listed, &loose);
    if (loose)
        found(c, LEVEL_NOTE, u"files", NULL,
              "those that are not compressed: whether they are beside the package", "");
    if (loose < p->count)
        found(c, LEVEL_NOTE, u"cabinets", NULL,
              "the files' bytes ('msiq extract' reads them, with their checksums)", "");
}

static void check_plan(struct check *c, struct plan *p)
{
    struct listing l = {.c = c, .plan = p};
    bool *listed = must_alloc((p->media_count + 1) * sizeof(*listed));

    for (u32 i = 0; i < p->media_count; i++) {
        bool was_read = p->media[i].read;

        listed[i] = *p->media[i].cabinet && (was_read || list_cabinet(&l, &p->media[i]));
    }
    check_items(c, p, listed);
    if (l.unknown) {
        char text[96];

        snprintf(text, sizeof(text), "%u file%s in cabinets without a row in File",
                 (unsigned)l.unknown, l.unknown == 1 ? "" : "s");
        found(c, LEVEL_WARNING, u"Media.Cabinet", NULL, text, "they are never installed");
    }
    os_free(listed);
}

void check_media(struct check *c)
{
    struct plan plan;
    struct pkg *db;

    if (!check_table(c, u"File") || pkg_open(c->path, PKG_READ, &db))
        return;
    if (!plan_make(db, c->path, &plan))
        check_plan(c, &plan);
    plan_free(&plan);
    pkg_close(db);
}
