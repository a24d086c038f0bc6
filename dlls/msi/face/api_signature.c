/*
 * MsiGetFileSignatureInformation: a file's signer and hash, from wintrust.dll, which is loaded for
 * it. Wine's does not look whether a package is what was signed: that is done here.
 */
#include <windows.h>
#include <msi.h>
#include <softpub.h>
#include <wintrust.h>
#include <mssip.h>

#include "pkgdigest.h"
#include "strio.h"
#include "trace.h"

static struct {
    LONG(WINAPI *verify)(HWND, GUID *, void *);
    CRYPT_PROVIDER_DATA *(WINAPI *data)(HANDLE);
    CRYPT_PROVIDER_SGNR *(WINAPI *signer)(CRYPT_PROVIDER_DATA *, DWORD, BOOL, DWORD);
    CRYPT_PROVIDER_CERT *(WINAPI *cert)(CRYPT_PROVIDER_SGNR *, DWORD);
    const CERT_CONTEXT *(WINAPI *duplicate)(const CERT_CONTEXT *);
} trust;

static bool load_trust(void)
{
    HMODULE wintrust = LoadLibraryW(L"wintrust.dll"), crypt = LoadLibraryW(L"crypt32.dll");

    if (!wintrust || !crypt)
        return false;
    trust.verify = (void *)GetProcAddress(wintrust, "WinVerifyTrust");
    trust.data = (void *)GetProcAddress(wintrust, "WTHelperProvDataFromStateData");
    trust.signer = (void *)GetProcAddress(wintrust, "WTHelperGetProvSignerFromChain");
    trust.cert = (void *)GetProcAddress(wintrust, "WTHelperGetProvCertFromChain");
    trust.duplicate = (void *)GetProcAddress(crypt, "CertDuplicateCertificateContext");
    return trust.verify && trust.data && trust.signer && trust.cert && trust.duplicate;
}

/* What the caller asked for; hash and size are NULL where no hash is. */
struct wanted {
    const CERT_CONTEXT **cert;
    BYTE *hash;
    DWORD *size;
};

/* What wintrust has found the file to have been when it was signed; false where it does not say. */
static bool signed_digest(HANDLE state, struct pkg_digest *out)
{
    CRYPT_PROVIDER_DATA *data = state ? trust.data(state) : NULL;
    const SIP_INDIRECT_DATA *is = data && data->pPDSip ? data->pPDSip->psIndirectData : NULL;

    if (!is || !is->DigestAlgorithm.pszObjId)
        return false;
    *out = (struct pkg_digest){is->DigestAlgorithm.pszObjId, is->Digest.pbData, is->Digest.cbData};
    return true;
}

/* Programs, which Wine's wintrust looks at itself. */
static bool is_program(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);
    char sign[2];
    DWORD got = 0;
    bool is;

    if (file == INVALID_HANDLE_VALUE)
        return false;
    is = ReadFile(file, sign, sizeof(sign), &got, NULL) && got == 2 && sign[0] == 'M' &&
         sign[1] == 'Z';
    CloseHandle(file);
    return is;
}

/* Good signatures of what was changed since, or cannot be looked at, are not good. */
static HRESULT check_content(const WCHAR *path, HANDLE state)
{
    struct pkg_digest want;

    if (is_program(path))
        return S_OK;
    if (pkg_is_compound(w16(path)) && signed_digest(state, &want))
        return pkg_check_digest(w16(path), &want);
    TRACE(TRACE_MSI, "MsiGetFileSignatureInformation: the content of %s cannot be checked",
          trace_text(w16(path), -1));
    return HRESULT_FROM_WIN32(ERROR_FUNCTION_FAILED);
}

static HRESULT give_hash(CRYPT_PROVIDER_DATA *data, const struct wanted *w)
{
    const CRYPT_HASH_BLOB *digest;
    DWORD room = *w->size;

    if (!data->pPDSip || !data->pPDSip->psIndirectData)
        return HRESULT_FROM_WIN32(ERROR_FUNCTION_FAILED);
    digest = &data->pPDSip->psIndirectData->Digest;
    *w->size = digest->cbData;
    if (room < digest->cbData)
        return HRESULT_FROM_WIN32(ERROR_MORE_DATA);
    memcpy(w->hash, digest->pbData, digest->cbData);
    return S_OK;
}

static HRESULT give(HANDLE state, const struct wanted *w)
{
    CRYPT_PROVIDER_DATA *data = state ? trust.data(state) : NULL;
    CRYPT_PROVIDER_SGNR *signer = data ? trust.signer(data, 0, FALSE, 0) : NULL;
    CRYPT_PROVIDER_CERT *cert = signer ? trust.cert(signer, 0) : NULL;
    HRESULT hr;

    if (!cert || !cert->pCert)
        return TRUST_E_NOSIGNATURE;
    hr = w->hash ? give_hash(data, w) : S_OK;
    if (SUCCEEDED(hr))
        *w->cert = trust.duplicate(cert->pCert);
    return hr;
}

static HRESULT look_into(const WCHAR *path, bool hash_matters, const struct wanted *w)
{
    WINTRUST_FILE_INFO file = {.cbStruct = sizeof(file), .pcwszFilePath = path};
    GUID action = WINTRUST_ACTION_GENERIC_VERIFY_V2;
    WINTRUST_DATA data = {.cbStruct = sizeof(data),
                          .dwUIChoice = WTD_UI_NONE,
                          .fdwRevocationChecks = WTD_REVOKE_WHOLECHAIN,
                          .dwUnionChoice = WTD_CHOICE_FILE,
                          .pFile = &file,
                          .dwStateAction = WTD_STATEACTION_VERIFY};
    HRESULT hr = trust.verify(INVALID_HANDLE_VALUE, &action, &data);

    if (SUCCEEDED(hr) && hash_matters)
        hr = check_content(path, data.hWVTStateData);
    if (SUCCEEDED(hr) || (hr == TRUST_E_BAD_DIGEST && !hash_matters))
        hr = give(data.hWVTStateData, w);
    data.dwStateAction = WTD_STATEACTION_CLOSE;
    trust.verify(INVALID_HANDLE_VALUE, &action, &data);
    return hr;
}

/* Whether the file is of a kind that a signature stands in: a program, a compound file, a cabinet.
 * Where the system registers no kinds of signed files, it does not say so itself. */
static bool has_place(const WCHAR *path)
{
    static const BYTE compound[] = {0xd0, 0xcf, 0x11, 0xe0};
    BYTE start[4] = {0};
    DWORD got = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return true; /* what cannot be read is not known */
    ReadFile(file, start, sizeof(start), &got, NULL);
    CloseHandle(file);
    return (got >= 2 && !memcmp(start, "MZ", 2)) ||
           (got == 4 && (!memcmp(start, compound, 4) || !memcmp(start, "MSCF", 4)));
}

HRESULT WINAPI MsiGetFileSignatureInformationW(const WCHAR *path, DWORD flags,
                                               const CERT_CONTEXT **cert, BYTE *hash, DWORD *size)
{
    struct wanted w = {cert, hash, size};
    HRESULT hr;

    if (!path || !cert || (hash && !size) || (flags & ~(DWORD)MSI_INVALID_HASH_IS_FATAL))
        return E_INVALIDARG;
    *cert = NULL;
    if (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        return CRYPT_E_FILE_ERROR;
    if (!load_trust())
        return HRESULT_FROM_WIN32(ERROR_FUNCTION_FAILED);
    hr = look_into(path, hash || (flags & MSI_INVALID_HASH_IS_FATAL), &w);
    if (hr == TRUST_E_SUBJECT_FORM_UNKNOWN || (hr == TRUST_E_NOSIGNATURE && !has_place(path)))
        hr = HRESULT_FROM_WIN32(ERROR_FUNCTION_FAILED);
    TRACE(TRACE_MSI, "MsiGetFileSignatureInformation(%s) = %lx", trace_text(w16(path), -1),
          (unsigned long)hr);
    return hr;
}

HRESULT WINAPI MsiGetFileSignatureInformationA(const char *path, DWORD flags,
                                               const CERT_CONTEXT **cert, BYTE *hash, DWORD *size)
{
    struct text_in text;
    HRESULT hr;

    if (text_from_a(&text, path))
        return E_OUTOFMEMORY;
    hr = MsiGetFileSignatureInformationW((const WCHAR *)text.text, flags, cert, hash, size);
    text_done(&text);
    return hr;
}
