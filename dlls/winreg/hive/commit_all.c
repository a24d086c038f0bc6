/*
 * A write of several hives becomes part of all of them or of none.
 *
 * The steps, and what successors make of them when the process is killed or the power lost right
 * after each; "nothing" is nothing in any hive, "all" everything in all:
 *
 *   1. every hive has it prepared (commit.c, 1 to 4), with the write's number     nothing
 *   2. all of that is on the medium                                               nothing
 *   3. the number is in COMMITTED (joint.h)                                       all
 *   4. and on the medium                                                          all
 *   5. sealed and installed in each                                               all
 *   6. the seals are on the medium                                                all
 *   7. the number is out of COMMITTED                                             all
 *
 * The power may be lost between 3 and 4 with either result. 2 comes before 3, 4 before 5 and 6
 * before 7 on the medium too, so no seal is ever there without the number or the other seals.
 */
#include "hive_impl.h"
#include "joint.h"

/* Hives in this process's memory end with it: one that is in files needs no help from others. */
static const struct hive *first_of_many(const struct hive_part *parts, u32 count)
{
    const struct hive *first = NULL;
    u32 shared = 0;

    for (u32 i = count; i--;)
        if (parts[i].hive->shared) {
            first = parts[i].hive;
            shared++;
        }
    return shared > 1 ? first : NULL;
}

static u32 prepare_all(struct hive_part *parts, u32 count, const struct log_joint *joint)
{
    u32 ready = 0, err = ERROR_SUCCESS;

    for (; !err && ready < count; ready += !err) {
        parts[ready].hive->plan.joint = joint;
        err = hive_write_prepare(parts[ready].hive, parts[ready].write);
        parts[ready].hive->plan.joint = NULL;
    }
    return err;
}

static u32 sync_all(struct hive_part *parts, u32 count, u32 (*sync)(struct hive *h))
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < count; i++)
        err = sync(parts[i].hive);
    return err;
}

/* Steps 1 to 4. */
static u32 decide(struct hive_part *parts, u32 count, struct joint *j)
{
    u32 err = prepare_all(parts, count, &j->record);

    if (!err)
        err = sync_all(parts, count, commit_sync);
    if (!err)
        err = sync_all(parts, count, commit_sync_mark);
    return err ? err : joint_decide(j);
}

static bool seal_all(struct hive_part *parts, u32 count)
{
    bool sealed = true;

    for (u32 i = 0; i < count; i++)
        sealed &= !commit_seal(parts[i].hive);
    return sealed;
}

static void keep_or_forget(struct hive_part *parts, u32 count, u32 err)
{
    for (u32 i = 0; err && i < count; i++)
        commit_forget(parts[i].hive);
    for (u32 i = 0; !err && i < count; i++)
        commit_install(parts[i].hive);
}

static u32 commit_jointly(struct hive_part *parts, u32 count, const struct hive *first)
{
    struct joint j;
    u32 err = joint_open(&j, first->place);
    bool sealed;

    if (!err)
        err = decide(parts, count, &j);
    sealed = !err && seal_all(parts, count);
    keep_or_forget(parts, count, err);
    /* a seal that does not reach the medium leaves the number, which counts as well */
    joint_close(&j, sealed && !sync_all(parts, count, commit_sync));
    return err;
}

u32 hive_write_commit_all(struct hive_part *parts, u32 count)
{
    const struct hive *first = first_of_many(parts, count);
    u32 err;

    if (first) {
        err = commit_jointly(parts, count, first);
    } else {
        err = prepare_all(parts, count, NULL);
        if (!err && !seal_all(parts, count)) /* the one in files: nothing counts yet */
            err = ERROR_DISK_FULL;
        keep_or_forget(parts, count, err);
    }
    for (u32 i = 0; i < count; i++)
        hive_write_end(parts[i].hive, err);
    return err;
}
