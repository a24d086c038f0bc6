/*
 * Security descriptors of any bytes: what is accepted can be taken apart, merged, inherited from
 * and checked, and what comes out is valid.
 */
#include <stdlib.h>

#include "os.h"
#include "secdesc.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static const u8 user[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};

static void must_be_valid(u32 err, void *sd, u32 n)
{
    if (!err && !sd_valid(sd, n))
        abort();
    if (!err)
        os_free(sd);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct sd_sid sids[] = {{user, SD_SID_ENABLED}};
    struct sd_token token = {.sids = sids, .count = 1};
    u32 half = (u32)size / 2, n = (u32)size, granted, got;
    u8 buf[512];
    void *out = NULL;

    if (size > 0x20000)
        return 0;
    if (sd_length(data, n) > n)
        abort();
    if (!sd_extract(data, n, size & 15, buf, sizeof(buf), &got) && !sd_valid(buf, got))
        abort();
    sd_access(data, n, &token, 0x20019, &granted);
    sd_access(data, n, &token, 0x02000000, &granted);
    got = 0;
    must_be_valid(sd_inherit(data, n, NULL, 0, &token, &out, &got), out, got);
    must_be_valid(sd_inherit(data, half, data + half, n - half, &token, &out, &got), out, got);
    must_be_valid(sd_merge(data, half, data + half, n - half, n & 15, &out, &got), out, got);
    return 0;
}
