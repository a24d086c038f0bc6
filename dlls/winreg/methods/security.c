/*
 * Security descriptors of keys: opnums 12 and 21.
 */
#include "inside.h"
#include "os.h"
#include "secdesc.h"

#include <string.h>

/* What each part needs (SECURITY_INFORMATION); to say only what is protected is no part. */
static const struct {
    u32 part, read, write;
} rights[] = {
    {SD_OWNER, ACCESS_READ_SD, ACCESS_WRITE_OWN},
    {SD_GROUP, ACCESS_READ_SD, ACCESS_WRITE_OWN},
    {SD_DACL, ACCESS_READ_SD, ACCESS_WRITE_DAC},
    {SD_SACL, ACCESS_SACL, ACCESS_SACL},
    {SD_LABEL, ACCESS_READ_SD, ACCESS_WRITE_OWN},
    {SD_ATTRIBUTE, ACCESS_READ_SD, ACCESS_WRITE_DAC},
    {SD_SCOPE, ACCESS_READ_SD, ACCESS_SACL},
    {SD_BACKUP, ACCESS_READ_SD | ACCESS_SACL, ACCESS_WRITE_DAC | ACCESS_WRITE_OWN | ACCESS_SACL},
    {SD_PROTECTED_DACL | SD_UNPROTECTED_DACL, 0, ACCESS_WRITE_DAC},
    {SD_PROTECTED_SACL | SD_UNPROTECTED_SACL, 0, ACCESS_SACL},
};

static u32 rights_for(SECURITY_INFORMATION parts, bool write)
{
    u32 needed = 0;
    for (u32 i = 0; i < ARRAY_LEN(rights); i++)
        if (parts & rights[i].part)
            needed |= write ? rights[i].write : rights[i].read;
    return needed;
}

bool inside_descriptor_valid(const void *sd, u32 n)
{
    return sd_valid(sd, n);
}

/* The whole descriptor, of a key or of one that is in no hive. */
struct descriptor {
    void *sd;
    u32 size;
};

static u32 read_descriptor(void *ctx, struct hview *v, u32 key)
{
    struct descriptor *d = ctx;
    os_free(d->sd);
    d->sd = NULL;
    return access_descriptor(v, key, &d->sd, &d->size);
}

static u32 descriptor_of(struct call *c, struct descriptor *d)
{
    const void *top;
    if (c->row.mount)
        return call_read(c, read_descriptor, d);
    top = access_top_descriptor(&d->size);
    d->sd = os_alloc(d->size);
    if (!d->sd)
        return ERROR_OUTOFMEMORY;
    memcpy(d->sd, top, d->size);
    return ERROR_SUCCESS;
}

struct extracting {
    const struct descriptor *d;
    u32 parts;
    void *buf;
    u32 room, size, err;
};

static void extract(void *ctx)
{
    struct extracting *e = ctx;
    e->err = sd_extract(e->d->sd, e->d->size, e->parts, e->buf, e->room, &e->size);
}

static u32 put_descriptor(const struct descriptor *d, SECURITY_INFORMATION parts,
                          const RPC_SECURITY_DESCRIPTOR *in, RPC_SECURITY_DESCRIPTOR *out)
{
    PBYTE buf = out->lpSecurityDescriptor ? out->lpSecurityDescriptor : in->lpSecurityDescriptor;
    u32 room = buf ? in->cbInSecurityDescriptor : 0;
    struct extracting e = {d, parts, buf, room, 0, ERROR_SUCCESS};
    u32 err = os_guard(extract, &e) ? e.err : (u32)ERROR_NOACCESS, size = e.size;
    if (err == ERROR_INSUFFICIENT_BUFFER) {
        out->lpSecurityDescriptor = NULL;
        out->cbInSecurityDescriptor = size;
        out->cbOutSecurityDescriptor = 0;
    } else if (!err) {
        out->lpSecurityDescriptor = buf;
        out->cbInSecurityDescriptor = room;
        out->cbOutSecurityDescriptor = size;
    }
    return err;
}

DWORD WINAPI BaseRegGetKeySecurity(RPC_HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptorIn,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptorOut)
{
    struct call c;
    struct descriptor d = {0};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_PARAMETER);
    if (err)
        return err;
    if (call_is_perf(&c) && SecurityInformation & SD_SACL)
        err = ERROR_PRIVILEGE_NOT_HELD;
    else if (!pRpcSecurityDescriptorIn || !pRpcSecurityDescriptorOut)
        err = ERROR_INVALID_PARAMETER;
    else
        err = call_need(&c, rights_for(SecurityInformation, false));
    if (!err)
        err = descriptor_of(&c, &d);
    if (!err)
        err = put_descriptor(&d, SecurityInformation, pRpcSecurityDescriptorIn,
                             pRpcSecurityDescriptorOut);
    os_free(d.sd);
    return call_end(&c, err);
}

struct change {
    const void *sd;
    u32 size;
    u32 parts;
};

static u32 write_descriptor(void *ctx, struct hview *v, u32 key)
{
    const struct change *ch = ctx;
    void *old, *merged = NULL;
    u32 old_size, size, err = access_descriptor(v, key, &old, &old_size);
    if (err)
        return err;
    err = sd_merge(old, old_size, ch->sd, ch->size, ch->parts, &merged, &size);
    if (!err)
        err = key_set_security(v, key, merged, size);
    os_free(merged);
    os_free(old);
    return err;
}

static u32 keep_descriptor(const void *ctx, void **copy)
{
    const struct change *ch = ctx;
    struct change *k = os_alloc(sizeof *k + ch->size);
    if (!k)
        return ERROR_OUTOFMEMORY;
    *k = *ch;
    k->sd = k + 1;
    memcpy(k + 1, ch->sd, ch->size);
    *copy = k;
    return ERROR_SUCCESS;
}

DWORD WINAPI BaseRegSetKeySecurity(RPC_HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptor)
{
    struct call c;
    struct change ch = {.parts = SecurityInformation};
    struct nsp_op op = {write_descriptor, &ch, keep_descriptor};
    u32 err = call_begin(&c, hKey, ERROR_INVALID_PARAMETER);
    if (err)
        return err;
    if (pRpcSecurityDescriptor) {
        ch.sd = pRpcSecurityDescriptor->lpSecurityDescriptor;
        ch.size = pRpcSecurityDescriptor->cbInSecurityDescriptor;
    }
    if (!ch.sd)
        err = ERROR_INVALID_PARAMETER;
    else
        err = call_copy(&c, &ch.sd, ch.size);
    if (err)
        return call_end(&c, err);
    if (!sd_valid(ch.sd, ch.size))
        err = ERROR_INVALID_PARAMETER;
    else if (sd_lacks(ch.sd, ch.size, ch.parts))
        err = ERROR_INVALID_SECURITY_DESCR;
    else
        err = call_need(&c, rights_for(SecurityInformation, true));
    if (!err && (!c.row.mount || c.row.mount->flags & MOUNT_APP))
        err = ERROR_ACCESS_DENIED;
    if (!err)
        err = nsp_change(&c.row, &op);
    return call_end(&c, err);
}
