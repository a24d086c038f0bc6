/*
 * Any operations as a script, run and undone: what was done is taken back whole, also where one of
 * them failed, and links in the folders lead nowhere.
 *
 * Input: ops.h.
 */
#include "../native/run_fixture.h"
#include "ops.h"

/* Notes stand in no script, and these stand outside: programs, services, libraries; a product's
 * files have a folder of their own. */
static bool is_scripted(u32 kind)
{
    return kind < JOURNAL_FOLDER && kind != OP_SERVICE && kind != OP_RUN && kind != OP_SELFREG &&
           kind != OP_MEDIA && kind != OP_FOLDER_TIMES && kind != OP_REG_KEPT &&
           kind != OP_REG_ORDER && kind != OP_LATER;
}

static void make_script(struct buf *script, const u8 *data, size_t size)
{
    struct ops in = {data, size, {{0}}};
    struct op op;

    for (u32 i = 0; i < 64 && ops_next(&in, &op); i++)
        if (is_scripted(op.kind) && op_write(script, &op))
            abort();
}

static void must_be_as_before(void)
{
    char *now = state();

    if (strcmp(now, state_before)) {
        fprintf(stderr, "before:\n%s-- undone:\n%s", state_before, now);
        abort();
    }
    free(now);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct buf script = {0};
    struct run *r;

    make_script(&script, data, size);
    before();
    if (symlink("/nowhere/at/all", target_path("drive_c/app/leads.txt")) ||
        symlink("/tmp", target_path("drive_c/app/link")))
        abort();
    state_before = state();
    if (start_run(&r))
        abort();
    run_script(r, script.data, script.len);
    if (!run_undo(r))
        must_be_as_before();
    run_end(r);
    free(state_before);
    buf_free(&script);
    target_end();
    return 0;
}
