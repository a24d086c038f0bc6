/*
 * Any bytes as a text archive: refused, or a table that is whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive.h"
#include "os.h"
#include "stg.h"
#include "table.h"
#include "utf16.h"

static char16_t *folder;
static char path[64];

/* A folder of this process alone, where there is no file but the archive. */
static void prepare(void)
{
    snprintf(path, sizeof(path), "/tmp/decanter-fuzz-%d", (int)getpid());
    folder = u16_dup_utf8(path);
    os_make_folder(folder);
    snprintf(path, sizeof(path), "/tmp/decanter-fuzz-%d/in.idt", (int)getpid());
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stg *stg;
    struct db_core *db;
    struct table *t;
    FILE *file;

    if (!folder)
        prepare();
    file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size)
        abort();
    fclose(file);
    if (stg_create_memory(&stg) || db_core_create(stg, &db))
        abort();
    if (!archive_import(db, folder, u"in.idt", NULL) && (t = db_core_table_at(db, 0)) &&
        tbl_check(t))
        abort();
    if (sp_check(db_core_strings(db)) || db_core_save(db))
        abort();
    db_core_free(db);
    stg_close(stg);
    unlink(path);
    return 0;
}
