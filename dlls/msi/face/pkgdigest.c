/*
 * The digest of a package, by bcrypt.dll, which is loaded for it.
 */
#include "pkgdigest.h"

#include <windows.h>
#include <bcrypt.h>

#include "os.h"
#include "stg_digest.h"

static const struct {
    const char *oid;
    const WCHAR *name;
} algorithms[] = {
    {"1.2.840.113549.2.5", L"MD5"},        {"1.3.14.3.2.26", L"SHA1"},
    {"2.16.840.1.101.3.4.2.1", L"SHA256"}, {"2.16.840.1.101.3.4.2.2", L"SHA384"},
    {"2.16.840.1.101.3.4.2.3", L"SHA512"},
};

static struct {
    LONG(WINAPI *open)(BCRYPT_ALG_HANDLE *, const WCHAR *, const WCHAR *, ULONG);
    LONG(WINAPI *close)(BCRYPT_ALG_HANDLE, ULONG);
    LONG(WINAPI *create)
    (BCRYPT_ALG_HANDLE, BCRYPT_HASH_HANDLE *, UCHAR *, ULONG, UCHAR *, ULONG, ULONG);
    LONG(WINAPI *add)(BCRYPT_HASH_HANDLE, UCHAR *, ULONG, ULONG);
    LONG(WINAPI *finish)(BCRYPT_HASH_HANDLE, UCHAR *, ULONG, ULONG);
    LONG(WINAPI *destroy)(BCRYPT_HASH_HANDLE);
} bcrypt;

static bool load_bcrypt(void)
{
    HMODULE dll = LoadLibraryW(L"bcrypt.dll");

    if (!dll)
        return false;
    bcrypt.open = (void *)GetProcAddress(dll, "BCryptOpenAlgorithmProvider");
    bcrypt.close = (void *)GetProcAddress(dll, "BCryptCloseAlgorithmProvider");
    bcrypt.create = (void *)GetProcAddress(dll, "BCryptCreateHash");
    bcrypt.add = (void *)GetProcAddress(dll, "BCryptHashData");
    bcrypt.finish = (void *)GetProcAddress(dll, "BCryptFinishHash");
    bcrypt.destroy = (void *)GetProcAddress(dll, "BCryptDestroyHash");
    return bcrypt.open && bcrypt.close && bcrypt.create && bcrypt.add && bcrypt.finish &&
           bcrypt.destroy;
}

static u32 add_bytes(void *ctx, const void *data, size_t len)
{
    LONG status = bcrypt.add(ctx, (UCHAR *)(uintptr_t)data, (ULONG)len, 0);

    return status < 0 ? ERROR_FUNCTION_FAILED : ERROR_SUCCESS;
}

/* The stream of the second digest; *bytes is NULL where there is none. */
static u32 read_extended(struct stg *root, u8 **bytes, size_t *len)
{
    static const char16_t name[] = u"\005MsiDigitalSignatureEx";
    u32 err;

    *bytes = NULL;
    *len = 0;
    if (stg_kind_of(root, name) == STG_NONE)
        return ERROR_SUCCESS;
    err = stg_read_all(root, name, bytes, len);
    return err;
}

/* Finishes the hash and compares. */
static long compare(BCRYPT_HASH_HANDLE hash, u32 err, const void *want, size_t len)
{
    UCHAR got[64];

    if (err)
        return HRESULT_FROM_WIN32(err);
    if (len > sizeof(got) || bcrypt.finish(hash, got, (ULONG)len, 0) < 0)
        return TRUST_E_BAD_DIGEST; /* of another length */
    return memcmp(got, want, len) ? TRUST_E_BAD_DIGEST : S_OK;
}

static long check_entries(BCRYPT_ALG_HANDLE alg, struct stg *root, const u8 *bytes, size_t len)
{
    BCRYPT_HASH_HANDLE hash;
    long hr;

    if (bcrypt.create(alg, &hash, NULL, 0, NULL, 0, 0) < 0)
        return E_OUTOFMEMORY;
    hr = compare(hash, stg_digest_entries(root, add_bytes, hash), bytes, len);
    bcrypt.destroy(hash);
    return hr;
}

static long check_contents(BCRYPT_ALG_HANDLE alg, struct stg *root, const u8 *bytes, size_t len,
                           const struct pkg_digest *want)
{
    BCRYPT_HASH_HANDLE hash;
    u32 err = ERROR_SUCCESS;
    long hr;

    if (bcrypt.create(alg, &hash, NULL, 0, NULL, 0, 0) < 0)
        return E_OUTOFMEMORY;
    if (bytes)
        err = add_bytes(hash, bytes, len);
    if (!err)
        err = stg_digest_contents(root, add_bytes, hash);
    hr = compare(hash, err, want->bytes, want->len);
    bcrypt.destroy(hash);
    return hr;
}

static long check_root(BCRYPT_ALG_HANDLE alg, struct stg *root, const struct pkg_digest *want)
{
    size_t len;
    u8 *bytes;
    u32 err = read_extended(root, &bytes, &len);
    long hr = err ? HRESULT_FROM_WIN32(err) : S_OK;

    if (!hr && bytes)
        hr = check_entries(alg, root, bytes, len);
    if (!hr)
        hr = check_contents(alg, root, bytes, len, want);
    if (!err)
        os_free(bytes);
    return hr;
}

bool pkg_is_compound(const char16_t *path)
{
    struct stg *root;

    if (stg_open(path, STG_READ, &root))
        return false;
    stg_close(root);
    return true;
}

long pkg_check_digest(const char16_t *path, const struct pkg_digest *want)
{
    BCRYPT_ALG_HANDLE alg;
    const WCHAR *name = NULL;
    struct stg *root;
    u32 err;
    long hr;

    for (u32 i = 0; i < ARRAY_LEN(algorithms); i++)
        if (!strcmp(algorithms[i].oid, want->oid))
            name = algorithms[i].name;
    if (!name || !load_bcrypt() || bcrypt.open(&alg, name, NULL, 0) < 0)
        return NTE_BAD_ALGID;
    err = stg_open(path, STG_READ | STG_DENY_WRITE, &root);
    hr = err ? HRESULT_FROM_WIN32(err) : check_root(alg, root, want);
    if (!err)
        stg_close(root);
    bcrypt.close(alg, 0);
    return hr;
}
