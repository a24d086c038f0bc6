/*
 * signature.exe CERTIFICATE FILE...: trusts the certificate (DER), and prints for each file what
 * MsiGetFileSignatureInformation says of it when a wrong hash is fatal and when it is not.
 */
#include <windows.h>
#include <msi.h>
#include <msidefs.h>
#include <stdio.h>
#include <wincrypt.h>

static int trust(const char *path)
{
    HCERTSTORE store = CertOpenSystemStoreA(0, "Root");
    BYTE bytes[4096];
    FILE *f = fopen(path, "rb");
    DWORD len = f ? (DWORD)fread(bytes, 1, sizeof(bytes), f) : 0;

    if (f)
        fclose(f);
    return store &&
           CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, bytes, len,
                                            CERT_STORE_ADD_REPLACE_EXISTING, NULL) &&
           CertCloseStore(store, 0);
}

static unsigned long ask(const char *file, DWORD flags)
{
    const CERT_CONTEXT *cert = NULL;
    HRESULT hr = MsiGetFileSignatureInformationA(file, flags, &cert, NULL, NULL);

    if (cert)
        CertFreeCertificateContext(cert);
    return (unsigned long)hr;
}

int main(int argc, char **argv)
{
    if (argc < 2 || !trust(argv[1]))
        return 1;
    for (int i = 2; i < argc; i++)
        printf("%s %08lx %08lx\n", argv[i], ask(argv[i], MSI_INVALID_HASH_IS_FATAL),
               ask(argv[i], 0));
    return 0;
}
