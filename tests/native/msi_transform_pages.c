/*
 * Transforms between databases of different code pages.
 */
#include <unistd.h>

#include "db_fixture.h"
#include "transform.h"

/* The row that goes has a name that the new database's code page does not. */
static void lost_rows_are_named_without_loss(void)
{
    struct mem_db a = mem_db(), b = mem_db();
    char16_t path[64];
    char text[64], *rows;

    snprintf(text, sizeof(text), "/tmp/decanter-pages-%d.mst", (int)getpid());
    path[u16_from_utf8(path, 63, text, strlen(text), false)] = 0;
    sp_set_codepage(db_core_strings(a.core), 65001);
    sp_set_codepage(db_core_strings(b.core), 1252);
    build(&a, "T;K s72 k", "plain", "caf\xc3\xa9\xe6\x97\xa5", NULL);
    build(&b, "T;K s72 k", "plain", NULL);
    ok(!xform_generate(b.core, a.core, path, NULL), "generate\n");
    ok(!xform_apply_file(a.core, path, 0, NULL), "apply\n");
    rows = show(&a);
    ok(!strstr(rows, "caf"), "left: %s\n", rows);
    free(rows);
    os_remove(path);
    mem_db_free(&a);
    mem_db_free(&b);
}

START_TEST(msi_transform_pages)
{
    RUN(lost_rows_are_named_without_loss);
}
