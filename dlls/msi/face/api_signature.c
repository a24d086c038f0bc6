/*
 * MsiGetFileSignatureInformation: a file's signer and hash, from wintrust.dll, which is loaded for
 * it.
 */
#include <windows.h>
#include <msi.h>
#include <softpub.h>
#include <wintrust.h>
#include <mssip.h>

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

    if (SUCCEEDED(hr) || (hr == TRUST_E_BAD_DIGEST && !hash_matters))
        hr = give(data.hWVTStateData, w);
    data.dwStateAction = WTD_STATEACTION_CLOSE;
    trust.verify(INVALID_HANDLE_VALUE, &action, &data);
    return hr;
}

HRESULT WINAPI MsiGetFileSignatureInformationW(const WCHAR *path, DWORD flags,
                                               const CERT_CONTEXT **cert, BYTE *hash, DWORD *size)
{
    struct wanted w = {cert, hash, size};
    HRESULT hr;

    if (!path || !cert || (hash && !size) || (flags & ~(DWORD)MSI_INVALID_HASH_IS_FATAL))
        return E_INVALIDARG;
    *cert = NULL;
    if (!load_trust())
        return HRESULT_FROM_WIN32(ERROR_FUNCTION_FAILED);
    hr = look_into(path, hash || (flags & MSI_INVALID_HASH_IS_FATAL), &w);
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
