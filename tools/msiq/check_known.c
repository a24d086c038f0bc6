/*
 * validate: the columns of Windows Installer's own tables that the file's _Validation table says
 * nothing about: what they refer to, and what they must look like.
 */
#include <string.h>

#include "check.h"
#include "valid.h"
#include "validcat.h"

static const struct known {
    const char16_t *table, *column;
    const char *category; /* NULL for none */
    const char16_t *to;   /* the table whose key it is, NULL for none */
} known[] = {
    {u"ActionText", u"Template", "Template", NULL},
    {u"AppSearch", u"Property", "Identifier", NULL},
    {u"Class", u"CLSID", "Guid", NULL},
    {u"Class", u"Component_", NULL, u"Component"},
    {u"Class", u"Feature_", NULL, u"Feature"},
    {u"Component", u"Component", "Identifier", NULL},
    {u"Component", u"ComponentId", "Guid", NULL},
    {u"Component", u"Condition", "Condition", NULL},
    {u"Component", u"Directory_", NULL, u"Directory"},
    {u"Condition", u"Condition", "Condition", NULL},
    {u"Condition", u"Feature_", NULL, u"Feature"},
    {u"Control", u"Dialog_", NULL, u"Dialog"},
    {u"ControlCondition", u"Condition", "Condition", NULL},
    {u"ControlEvent", u"Condition", "Condition", NULL},
    {u"CreateFolder", u"Component_", NULL, u"Component"},
    {u"CreateFolder", u"Directory_", NULL, u"Directory"},
    {u"CustomAction", u"Action", "Identifier", NULL},
    {u"CustomAction", u"Target", "Formatted", NULL},
    {u"Directory", u"DefaultDir", "DefaultDir", NULL},
    {u"Directory", u"Directory", "Identifier", NULL},
    {u"Directory", u"Directory_Parent", NULL, u"Directory"},
    {u"DuplicateFile", u"Component_", NULL, u"Component"},
    {u"DuplicateFile", u"File_", NULL, u"File"},
    {u"Environment", u"Component_", NULL, u"Component"},
    {u"Environment", u"Value", "Formatted", NULL},
    {u"Extension", u"Component_", NULL, u"Component"},
    {u"Extension", u"Feature_", NULL, u"Feature"},
    {u"Feature", u"Directory_", NULL, u"Directory"},
    {u"Feature", u"Feature_Parent", NULL, u"Feature"},
    {u"FeatureComponents", u"Component_", NULL, u"Component"},
    {u"FeatureComponents", u"Feature_", NULL, u"Feature"},
    {u"File", u"Component_", NULL, u"Component"},
    {u"File", u"FileName", "Filename", NULL},
    {u"Font", u"File_", NULL, u"File"},
    {u"IniFile", u"Component_", NULL, u"Component"},
    {u"IniFile", u"Value", "Formatted", NULL},
    {u"InstallExecuteSequence", u"Condition", "Condition", NULL},
    {u"InstallUISequence", u"Condition", "Condition", NULL},
    {u"AdminExecuteSequence", u"Condition", "Condition", NULL},
    {u"AdminUISequence", u"Condition", "Condition", NULL},
    {u"AdvtExecuteSequence", u"Condition", "Condition", NULL},
    {u"LaunchCondition", u"Condition", "Condition", NULL},
    {u"LaunchCondition", u"Description", "Formatted", NULL},
    {u"LockPermissions", u"User", "Formatted", NULL},
    {u"MoveFile", u"Component_", NULL, u"Component"},
    {u"MsiAssembly", u"Component_", NULL, u"Component"},
    {u"MsiAssembly", u"Feature_", NULL, u"Feature"},
    {u"MsiFileHash", u"File_", NULL, u"File"},
    {u"Patch", u"File_", NULL, u"File"},
    {u"ProgId", u"Class_", "Guid", NULL},
    {u"Property", u"Property", "Identifier", NULL},
    {u"PublishComponent", u"Component_", NULL, u"Component"},
    {u"PublishComponent", u"Feature_", NULL, u"Feature"},
    {u"Registry", u"Component_", NULL, u"Component"},
    {u"Registry", u"Key", "RegPath", NULL},
    {u"Registry", u"Value", "Formatted", NULL},
    {u"RemoveFile", u"Component_", NULL, u"Component"},
    {u"RemoveFile", u"FileName", "WildCardFilename", NULL},
    {u"RemoveIniFile", u"Component_", NULL, u"Component"},
    {u"RemoveRegistry", u"Component_", NULL, u"Component"},
    {u"ReserveCost", u"Component_", NULL, u"Component"},
    {u"SelfReg", u"File_", NULL, u"File"},
    {u"ServiceControl", u"Component_", NULL, u"Component"},
    {u"ServiceInstall", u"Component_", NULL, u"Component"},
    {u"Shortcut", u"Component_", NULL, u"Component"},
    {u"Shortcut", u"Directory_", NULL, u"Directory"},
    {u"Shortcut", u"Icon_", NULL, u"Icon"},
    {u"TypeLib", u"Component_", NULL, u"Component"},
    {u"TypeLib", u"Feature_", NULL, u"Feature"},
    {u"TypeLib", u"LibID", "Guid", NULL},
    {u"Upgrade", u"UpgradeCode", "Guid", NULL},
    {u"Verb", u"Extension_", NULL, u"Extension"},
};

struct look {
    const struct known *k;
    u32 col;
    const char16_t *where;
};

static void check_cell(struct check *c, struct table *t, u32 row, void *ctx)
{
    const struct look *look = ctx;
    const struct known *k = look->k;
    char16_t *text = check_text(c, t, row, look->col), *key = check_key(c, t, row);

    if (*text && k->to && !check_has(c, k->to, text))
        found_name(c, LEVEL_ERROR, look->where, key,
                   "a key of another table that is not there:", text,
                   "add the row that is referred to, or take this one out");
    if (*text && k->category) {
        char16_t *category = from_ascii(k->category);

        if (valid_category(category, u16_len(category), text, u16_len(text)) != VALID_NOERROR) {
            char16_t *words = join(category, u": ", text, NULL);

            /* a name without its short form is installed all the same */
            bool soft = !strcmp(k->category, "Filename") || !strcmp(k->category, "DefaultDir");

            found_name(c, soft ? LEVEL_WARNING : LEVEL_ERROR, look->where, key,
                       "not of the category", words,
                       "see \"Column Data Types\" in the documentation");
            os_free(words);
        }
        os_free(category);
    }
    os_free(key);
    os_free(text);
}

/* Whether _Validation has a row for the column, so that check_rules has looked. */
static bool has_rule(struct check *c, const struct known *k)
{
    struct table *t = check_table(c, u"_Validation");
    u32 cells[2] = {0, 0}, row;

    if (!t || tbl_keys(t) != 2 || sp_find(c->pool, k->table, u16_len(k->table), &cells[0]) ||
        !cells[0] || sp_find(c->pool, k->column, u16_len(k->column), &cells[1]) || !cells[1])
        return false;
    return !tbl_find_key(t, cells, &row) && row != TBL_NONE;
}

void check_known(struct check *c)
{
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        struct table *t = check_table(c, known[i].table);
        struct look look = {.k = &known[i], .col = check_column(c, t, known[i].column)};
        char16_t *where;

        /* what a module refers to may be in the package that it goes into */
        if (look.col == TBL_NONE || has_rule(c, &known[i]) || (c->module && known[i].to))
            continue;
        where = join(known[i].table, u".", known[i].column, NULL);
        look.where = where;
        check_each(c, t, check_cell, &look);
        os_free(where);
    }
}
