/*
 * Patches that change the bytes of files: PatchFiles makes a file of what is there, or of what the
 * package has.
 */
#include "delta_fixture.h"

#include "notice.h"
#include "trace.h"

static void start(void)
{
    patched_machine("patchdelta");
    delta_use(delta_by_text);
    deltas_applied = 0;
    ok(!patched_run(NULL, "", ""), "install\n");
}

static void end(void)
{
    delta_use(NULL);
    target_end();
}

static void of_the_file_that_is_there(void)
{
    start();
    ok(!patched_run("PATCH", "delta1.msp", ""), "patch\n");
    HAS(APP "one.txt", "ONE!");
    HAS(APP "two.txt", "two");
    ok(deltas_applied == 1, "%u\n", deltas_applied);
    end();
}

static void with_the_product_at_once(void)
{
    patched_machine("patchdelta");
    delta_use(delta_by_text);
    ok(!patched_run("PATCH", "delta1.msp", ""), "install\n");
    HAS(APP "one.txt", "ONE!");
    end();
}

static void one_after_the_other(void)
{
    start();
    ok(!patched_run("PATCH", "delta1.msp", ""), "patch\n");
    ok(!patched_run("PATCH", "delta2.msp", ""), "another\n");
    HAS(APP "one.txt", "one-2");
    ok(deltas_applied == 2, "each once: %u\n", deltas_applied);
    end();
}

static void several_at_once(void)
{
    start();
    ok(!patched_run("PATCH", "delta2.msp;delta1.msp", ""), "patches\n");
    HAS(APP "one.txt", "one-2");
    ok(deltas_applied == 2, "each once: %u\n", deltas_applied);
    end();
}

static void what_is_patched_already_stays(void)
{
    start();
    target_file(APP "one.txt", "ONE!");
    ok(!patched_run("PATCH", "delta1.msp", ""), "patch\n");
    HAS(APP "one.txt", "ONE!");
    ok(!deltas_applied, "%u\n", deltas_applied);
    end();
}

static void of_the_packages_where_it_is_for_no_other(void)
{
    start();
    target_file(APP "one.txt", "another");
    ok(!patched_run("PATCH", "delta1.msp", ""), "patch\n");
    HAS(APP "one.txt", "ONE!");
    end();
}

static void a_repair_makes_it_again(void)
{
    start();
    ok(!patched_run("PATCH", "delta1.msp;delta2.msp", ""), "patch\n");
    unlink(target_path(APP "one.txt"));
    ok(!patched_run(NULL, "", "REINSTALL=ALL REINSTALLMODE=omus"), "repair\n");
    HAS(APP "one.txt", "one-2");
    target_file(APP "one.txt", "another");
    ok(!patched_run(NULL, "", "REINSTALL=ALL REINSTALLMODE=amus"), "repair\n");
    HAS(APP "one.txt", "one-2");
    end();
}

static void it_is_as_it_was_when_the_patch_goes(void)
{
    char *before, *after;

    start();
    before = machine_state();
    ok(!patched_run("PATCH", "delta1.msp;delta2.msp", ""), "patch\n");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" TWO), "remove\n");
    HAS(APP "one.txt", "ONE!");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" ONE), "remove\n");
    after = machine_state();
    ok(!strcmp(before, after), "%s-- after\n%s", before, after);
    free(before);
    free(after);
    end();
}

/* The same size, no hash: that it was changed is told by the Patch table alone. */
static void though_no_row_of_it_changed(void)
{
    struct msp same = delta1;

    same.name = "same.msp";
    same.contents[0] = "two>TWO";
    same.files[0] = "two";
    msp_make(&same);
    start();
    ok(!patched_run("PATCH", "same.msp", ""), "patch\n");
    HAS(APP "two.txt", "TWO");
    ok(!patched_run(NULL, "", "MSIPATCHREMOVE=" ONE), "remove\n");
    HAS(APP "two.txt", "two");
    end();
}

/* What a whole file replaced is not changed by deltas that are older. */
static void a_whole_file_takes_the_place(void)
{
    struct msp whole = one;

    whole.name = "whole.msp";
    whole.code = THREE;
    whole.sequence = "1.2.9";
    whole.contents[0] = "FULL";
    msp_make(&whole);
    start();
    ok(!patched_run("PATCH", "delta1.msp;whole.msp", ""), "patches\n");
    HAS(APP "one.txt", "FULL");
    ok(!deltas_applied, "%u\n", deltas_applied);
    end();
}

/* --- what fails ---------------------------------------------------------------------------------
 */

static void fails_with(u32 code, const char *patch)
{
    char *before = machine_state(), *after;
    u32 err = patched_run("PATCH", patch, "");

    ok(err == code, "%u\n", err);
    after = machine_state();
    ok(!strcmp(before, after), "%s-- after\n%s", before, after);
    free(before);
    free(after);
}

static void it_is_for_neither(void)
{
    struct msp odd = delta1;

    odd.name = "odd.msp";
    odd.contents[0] = "nothing>ONE!";
    msp_make(&odd);
    start();
    fails_with(ERROR_INSTALL_FAILURE, "odd.msp");
    odd.optional = true;
    odd.name = "optional.msp";
    msp_make(&odd);
    ok(!patched_run("PATCH", "optional.msp", ""), "patch\n");
    HAS(APP "one.txt", "one");
    end();
}

/* Of the last error message. */
static struct {
    i32 number, system;
    char16_t file[200];
} told;

static int hear(struct session *s, u32 type, struct record *r)
{
    struct rec_view file;

    UNUSED(s);
    if (type != NOTICE_ERROR || !r || rec_get_int(r, 1) != 1328)
        return 0;
    told.number = 1328;
    told.system = rec_get_int(r, 3);
    if (!rec_view(r, 2, &file))
        u16_copy(told.file, ARRAY_LEN(told.file), file.text);
    return 0;
}

static void nobody_can(void)
{
    start();
    notice_to(hear);
    delta_use(NULL);
    fails_with(ERROR_INSTALL_FAILURE, "delta1.msp");
    notice_to(NULL);
    ok(told.number == 1328 && told.system == 126, "%d, %d\n", told.number, told.system);
    ok(u16_is(told.file, u16_len(told.file), "C:\\Program Files (x86)\\App\\one.txt"), "%s\n",
       trace_text(told.file, -1));
    end();
}

static void without_the_action_nothing_is_changed(void)
{
    struct msp without = delta1;

    without.name = "without.msp";
    without.next = small_update;
    msp_make(&without);
    start();
    ok(!patched_run("PATCH", "without.msp", ""), "patch\n");
    HAS(APP "one.txt", "one");
    end();
}

START_TEST(msi_patch_delta)
{
    patched_make("patchdelta");
    deltas_make();
    RUN(of_the_file_that_is_there);
    RUN(with_the_product_at_once);
    RUN(one_after_the_other);
    RUN(several_at_once);
    RUN(what_is_patched_already_stays);
    RUN(of_the_packages_where_it_is_for_no_other);
    RUN(a_repair_makes_it_again);
    RUN(it_is_as_it_was_when_the_patch_goes);
    RUN(though_no_row_of_it_changed);
    RUN(a_whole_file_takes_the_place);
    RUN(it_is_for_neither);
    RUN(nobody_can);
    RUN(without_the_action_nothing_is_changed);
    package_end(NULL);
}
