/*
 * Embedded chainers: a program of the package's (MsiEmbeddedChainer) that installs other packages
 * with this one, in one transaction that it joins and ends.
 */
#ifndef MSI_CHAINER_H
#define MSI_CHAINER_H

#include "install.h"
#include "run.h"

/* How the transaction is known to other processes, which is the matter of the rooms above. */
struct chainer_ways {
    /* The run of that name can be joined by *handle, and others may install. member: it is one of a
     * transaction that is known already. */
    u32 (*open)(const char16_t name[RUN_NAME], bool member, u32 *handle);
    /* No more: nobody has joined it, or (given) somebody did. Whether it was committed. */
    bool (*close)(u32 handle, bool member, bool given);
};

/* Before any session is opened. */
void chainer_by(const struct chainer_ways *ways);
/* Whether the package has chainers, and none could be run. The session's lock is held. */
u32 chainer_is_missing(struct session *s, bool *missing);
/* After the package's script was run: its chainer, if one is to. *ended: it has ended the
 * transaction, well; in->run is nobody's then, as after an error where it is NULL. No lock is held.
 */
u32 chainer_run(struct install *in, bool *ended);

#endif
