/*
 * RegQueryInfoKey.
 */
#include "face.h"
#include "wineparts.h"

/* The numbers of RegQueryInfoKey; any may be unwanted. */
struct wanted {
    DWORD *subkeys, *max_subkey, *max_class, *values, *max_name, *max_data, *sd_size;
    FILETIME *time;
};

static void put(DWORD *to, DWORD value)
{
    if (to)
        *to = value;
}

static u32 query_ours(RPC_HKEY key, WCHAR *class_name, DWORD *class_len, const struct wanted *w)
{
    RRP_UNICODE_STRING in, out;
    WCHAR none[1];
    DWORD subkeys, max_subkey, max_class, values, max_name, max_data, sd_size;
    FILETIME time;
    bool wanted = class_name && *class_len; /* a room of 0 asks for the length, as NULL does */
    u32 err;
    face_room(&in, wanted ? class_name : none, wanted ? *class_len : 1);
    out = in;
    err = BaseRegQueryInfoKey(key, &in, &out, &subkeys, &max_subkey, &max_class, &values, &max_name,
                              &max_data, &sd_size, &time);
    if (err && err != ERROR_MORE_DATA)
        return err;
    /* Too small a buffer is another error here than the method's. */
    if (err)
        err = wanted ? (u32)ERROR_INSUFFICIENT_BUFFER : (u32)ERROR_SUCCESS;
    if (class_len)
        *class_len = face_out_len(&out);
    put(w->subkeys, subkeys);
    put(w->max_subkey, max_subkey);
    put(w->max_class, max_class);
    put(w->values, values);
    put(w->max_name, max_name);
    put(w->max_data, max_data);
    put(w->sd_size, sd_size);
    if (w->time)
        *w->time = time;
    return err;
}

LSTATUS WINAPI RegQueryInfoKeyW(HKEY key, LPWSTR class_name, LPDWORD class_len, LPDWORD reserved,
                                LPDWORD subkeys, LPDWORD max_subkey, LPDWORD max_class,
                                LPDWORD values, LPDWORD max_name, LPDWORD max_data, LPDWORD sd_size,
                                PFILETIME time)
{
    const struct wanted w = {subkeys,  max_subkey, max_class, values,
                             max_name, max_data,   sd_size,   time};
    struct face_key k;
    u32 err;
    UNUSED(reserved);
    if (class_name && !class_len)
        err = ERROR_INVALID_PARAMETER;
    else
        err = face_begin(key, &k);
    if (!err) {
        if (k.wine)
            err = WINE(QueryInfoKeyW, k.wine, class_name, class_len, NULL, subkeys, max_subkey,
                       max_class, values, max_name, max_data, sd_size, time);
        else
            err = query_ours(k.ours, class_name, class_len, &w);
        if (!err && k.ours)
            parts_count(key, &k, subkeys, max_subkey);
        face_end(&k);
    }
    FACE_TRACE("RegQueryInfoKey(%p) = %lu", (void *)key, (unsigned long)err);
    return (LSTATUS)err;
}
