/*
 * validate: a transform, and the transforms that a patch carries.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "namecodec.h"
#include "propset.h"
#include "storage.h"

static char16_t *ascii_property(struct stg *stg, u32 id)
{
    struct propset set;
    char16_t *text = NULL;
    u8 *data;
    size_t len;

    propset_init(&set);
    if (!stg_read_all(stg, u"\005SummaryInformation", &data, &len)) {
        if (!propset_read(&set, data, len)) {
            const struct prop *p = propset_get(&set, id);

            if (p && p->type == PROP_LPSTR) {
                text = must_alloc(((size_t)p->len + 1) * sizeof(*text));
                for (u32 i = 0; i <= p->len; i++)
                    text[i] = i < p->len ? p->data[i] : 0;
            }
        }
        os_free(data);
    }
    propset_free(&set);
    return text;
}

static void check_transform_in(struct check *c, struct stg *stg, const char16_t *where)
{
    char16_t pool[NAME_STORED_MAX + 1], *products = ascii_property(stg, SUM_REVNUMBER);

    name_encode(u"_StringPool", 11, true, pool);
    if (stg_kind_of(stg, pool) != STG_STREAM)
        found(c, LEVEL_ERROR, where, NULL, "it has no string pool: Windows answers 1624",
              "make the transform anew");
    if (!products)
        found(c, LEVEL_WARNING, where, u"Revision",
              "the summary information does not say which products it is for",
              "'msiq transform make' writes it; MsiInstallProduct takes no transform without");
    os_free(products);
}

/* The transforms of a patch are named in property 8, ":Name" with semicolons between. */
static void check_named(struct check *c, const char16_t *names)
{
    while (*names) {
        size_t n = 0;
        char16_t *name;

        while (names[n] && names[n] != u';')
            n++;
        name = must(u16_dup(names, n));
        if (name[0] == u':' && stg_kind_of(c->stg, name + 1) != STG_STORAGE)
            found(c, LEVEL_ERROR, u"_Storages", name + 1,
                  "the patch names a transform that is not "
                  "in it",
                  "'msiq storages FILE put NAME MST' puts it in");
        os_free(name);
        names += n + (names[n] == u';');
    }
}

static void check_storages(struct check *c)
{
    struct stg_list list;

    if (stg_list(c->stg, &list))
        return;
    for (u32 i = 0; i < list.count; i++) {
        struct storage_look look;
        struct stg *sub;

        if (list.entries[i].kind != STG_STORAGE ||
            storage_look(c->stg, list.entries[i].name, &look))
            continue;
        if (!strcmp(look.kind, "transform") && list.entries[i].name[0] != u'#' &&
            !stg_sub_open(c->stg, list.entries[i].name, &sub)) {
            check_transform_in(c, sub, list.entries[i].name);
            stg_close(sub);
        }
    }
    stg_list_free(&list);
}

void check_transform(struct check *c)
{
    char16_t *names;

    if (c->kind == KIND_TRANSFORM) {
        check_transform_in(c, c->stg, u"transform");
        return;
    }
    names = ascii_property(c->stg, SUM_LASTAUTHOR);
    if (!names)
        found(c, LEVEL_ERROR, u"_SummaryInformation", u"Last author",
              "the patch does not name its transforms", "it changes nothing without");
    else
        check_named(c, names);
    os_free(names);
    check_storages(c);
}
