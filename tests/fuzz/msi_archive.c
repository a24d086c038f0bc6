/*
 * Any bytes as a text archive: refused, or a table that is whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
/* Starts from archives that are whole. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    static const char summary[] =
        "PropertyId\tValue\r\ni2\tl255\r\n_SummaryInformation\tPropertyId\r\n"
        "1\t1252\r\n2\tTitle\r\n12\t1999/03/22 15:25:45\r\n14\t200\r\n";
    static const char table[] = "K\tN\tL\tT\r\ns72\tI2\ti4\tL0\r\n1252\tT\tK\r\n"
                                "a\t-7\t70000\tx\x10y\x11\x19z\xe9\r\n";
    static const char *const whole[] = {
        summary,
        table,
        "K\tD\r\ns72\tV0\r\nT\tK\r\na\tone.ibd\r\nb\t\r\n",
        "\r\n\r\n932\t_ForceCodepage\r\n",
    };
    const char *text = whole[seed / 64 % ARRAY_LEN(whole)];
    size_t len = strlen(text);

    if ((size >= 16 && seed % 64) || len > max)
        return LLVMFuzzerMutate(data, size, max);
    memcpy(data, text, len);
    return len;
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
    if (!archive_import(db, folder, u"in.idt", NULL) && (t = db_core_next_table(db, &(u32){0})) &&
        tbl_check(t))
        abort();
    if (sp_check(db_core_strings(db)) || db_core_save(db))
        abort();
    db_core_free(db);
    stg_close(stg);
    unlink(path);
    return 0;
}
