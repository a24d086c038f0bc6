/*
 * A package as a file, with its source beside it and a machine to install on.
 *
 *     struct database *db = package_begin("name");     inst_package's, in memory
 *     INST_TABLE(db, ...); package_stream(db, ...);
 *     struct session *s = package_open(db);            saved, opened from the file, costed
 *     ok(!package_do(s, actions), "...\n");            and then InstallFinalize
 *     package_end(s);
 */
#ifndef TEST_PACKAGE_FIXTURE_H
#define TEST_PACKAGE_FIXTURE_H

#include "cab_fixture.h"
#include "install_fixture.h"
#include "namecodec.h"
#include "regmem_fixture.h"
#include "target_fixture.h"

static char package_folder[300];

static const char *package_path(const char *name)
{
    static char path[4][700];
    static unsigned turn;
    char *to = path[turn++ % 4];

    snprintf(to, sizeof(path[0]), "%s/%s", package_folder, name);
    return to;
}

TEST_UNUSED static void package_file(const char *name, const void *bytes, size_t len)
{
    FILE *f = fopen(package_path(name), "wb");

    ok(f && fwrite(bytes, 1, len, f) == len, "source %s\n", name);
    if (f)
        fclose(f);
}

TEST_UNUSED static struct database *package_begin(const char *name)
{
    const char *temp = getenv("TMPDIR");

    target_start(name);
    snprintf(package_folder, sizeof(package_folder), "%s/decanter-source-%d", temp ? temp : "/tmp",
             (int)getpid());
    target_empty(package_folder);
    mkdir(package_folder, 0755);
    return inst_package();
}

TEST_UNUSED static void package_stream(struct database *db, const char *name, const struct buf *b)
{
    char16_t stored[NAME_STORED_MAX + 1];
    const char16_t *wide = text16(name);

    ok(!name_encode(wide, u16_len(wide), false, stored), "name %s\n", name);
    ok(!stg_set_bytes(db->stg, stored, b->data, b->len), "stream %s\n", name);
}

TEST_UNUSED static struct session *package_open_file(void)
{
    struct database *db = NULL;
    u32 err = db_open(text16(package_path("package.msi")), DB_READONLY, false, &db);

    ok(!err, "open: %u\n", err);
    return err ? NULL : inst_open(db);
}

TEST_UNUSED static void package_save_as(struct database *db, const char *name)
{
    ok(!db_core_save(db->core), "save\n");
    ok(!stg_save_as(db->stg, text16(package_path(name))), "save as\n");
    obj_unref(db_object(db));
}

TEST_UNUSED static void package_save(struct database *db)
{
    package_save_as(db, "package.msi");
}

TEST_UNUSED static struct session *package_open(struct database *db)
{
    struct session *s;

    package_save(db);
    s = package_open_file();
    inst_cost(s);
    return s;
}

TEST_UNUSED static u32 package_do(struct session *s, const char *const *actions)
{
    u32 err = ERROR_SUCCESS;

    for (; !err && *actions; actions++)
        err = inst_act(s, *actions);
    return err ? err : inst_act(s, "InstallFinalize");
}

/* The component is there and goes. */
TEST_UNUSED static void package_removes(struct session *s, const char *component)
{
    const char16_t *name = text16(component);
    u32 i = names_find(&s->components, name, u16_len(name));
    struct component *c = i == NAME_NONE ? NULL : names_at(&s->components, i);

    ok(c != NULL, "component %s\n", component);
    if (!c)
        return;
    c->installed = STATE_LOCAL;
    c->action = STATE_ABSENT;
}

TEST_UNUSED static void package_end(struct session *s)
{
    if (s)
        inst_close(s);
    target_end();
    target_empty(package_folder);
    rmdir(package_folder);
}

/* All that the machine has; free() it. */
TEST_UNUSED static char *machine_state(void)
{
    char *files = target_show(), *reg = regmem_show();
    char *all = calloc(1, strlen(files) + strlen(reg) + 1);

    sprintf(all, "%s%s", files, reg);
    free(files);
    free(reg);
    return all;
}

/* Whether a file of the machine has that text; NULL: there is none. */
TEST_UNUSED static void machine_has(int line, const char *name, const char *text)
{
    FILE *f = fopen(target_path(name), "rb");
    char got[300];
    size_t n = f ? fread(got, 1, sizeof(got) - 1, f) : 0;

    got[n] = 0;
    if (f)
        fclose(f);
    if (!text)
        ok(!f, "line %d: %s is there: %s\n", line, name, got);
    else
        ok(f && !strcmp(got, text), "line %d: %s is %s\n", line, name, f ? got : "not there");
}
#define HAS(name, text) machine_has(__LINE__, name, text)

#endif
