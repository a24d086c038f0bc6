/*
 * The Record object.
 */
#include "automation.h"

#include "os.h"

struct field {
    MSIHANDLE record;
    UINT n;
};

static HRESULT field_of(struct auto_call *c, struct field *f)
{
    int n;
    HRESULT hr = auto_int(c, 0, 0, &n);

    *f = (struct field){c->self->handle, (UINT)n};
    return hr;
}

static UINT ask_string(const void *ctx, WCHAR *buf, DWORD *size)
{
    const struct field *f = ctx;

    return MsiRecordGetStringW(f->record, f->n, buf, size);
}

static HRESULT string_data(struct auto_call *c)
{
    const WCHAR *text;
    struct field f;
    HRESULT hr = field_of(c, &f);

    if (FAILED(hr))
        return hr;
    if (!c->value)
        return auto_ask_text(c, ask_string, &f);
    hr = auto_text(c, AUTO_ARGS, &text);
    return FAILED(hr) ? hr : auto_failed(MsiRecordSetStringW(f.record, f.n, text));
}

static HRESULT integer_data(struct auto_call *c)
{
    struct field f;
    HRESULT hr = field_of(c, &f);
    int n;

    if (FAILED(hr))
        return hr;
    if (!c->value)
        return auto_put_int(c, MsiRecordGetInteger(f.record, f.n));
    hr = auto_int(c, AUTO_ARGS, MSI_NULL_INTEGER, &n);
    return FAILED(hr) ? hr : auto_failed(MsiRecordSetInteger(f.record, f.n, n));
}

static HRESULT set_stream(struct auto_call *c)
{
    const WCHAR *path;
    struct field f;
    HRESULT hr = field_of(c, &f);

    if (FAILED(hr) || FAILED(hr = auto_text(c, 1, &path)))
        return hr;
    return auto_failed(MsiRecordSetStreamW(f.record, f.n, path));
}

/* msiReadStream*: a number of 1 to 4 bytes, a character for each byte, text of the code page, the
 * bytes as they are. */
static HRESULT put_bytes(struct auto_call *c, const BYTE *bytes, DWORD n, int format)
{
    BSTR s;
    u32 number = 0;
    int chars;

    if (format == 0) {
        for (DWORD i = n; i--;)
            number = number << 8 | bytes[i];
        return auto_put_int(c, (int)number);
    }
    if (format == 3) {
        s = SysAllocStringByteLen((const char *)bytes, n);
    } else {
        chars = format == 1 ? (int)n
                            : MultiByteToWideChar(CP_ACP, 0, (const char *)bytes, (int)n, NULL, 0);
        s = SysAllocStringLen(NULL, (UINT)chars);
        if (s && format == 2)
            MultiByteToWideChar(CP_ACP, 0, (const char *)bytes, (int)n, s, chars);
        for (int i = 0; s && format == 1 && i < chars; i++)
            s[i] = bytes[i];
    }
    if (!s)
        return E_OUTOFMEMORY;
    V_VT(c->result) = VT_BSTR;
    V_BSTR(c->result) = s;
    return S_OK;
}

static HRESULT read_stream(struct auto_call *c)
{
    int length, format;
    struct field f;
    HRESULT hr = field_of(c, &f);
    DWORD left = 0, n;
    BYTE *bytes;
    UINT err;

    if (FAILED(hr) || FAILED(hr = auto_int(c, 1, 0, &length)) ||
        FAILED(hr = auto_int(c, 2, 0, &format)))
        return hr;
    if (length < 0 || format < 0 || format > 3 || (!format && (length < 1 || length > 4)))
        return E_INVALIDARG;
    if (f.n > MsiRecordGetFieldCount(f.record))
        return S_OK;
    err = MsiRecordReadStream(f.record, f.n, NULL, &left);
    if (err)
        return auto_failed(err);
    n = MIN((DWORD)length, left);
    bytes = os_alloc((u64)n + 1);
    if (!bytes)
        return E_OUTOFMEMORY;
    err = n ? MsiRecordReadStream(f.record, f.n, (char *)bytes, &n) : ERROR_SUCCESS;
    hr = err ? auto_failed(err) : put_bytes(c, bytes, n, format);
    os_free(bytes);
    return hr;
}

static HRESULT field_count(struct auto_call *c)
{
    return auto_put_int(c, (int)MsiRecordGetFieldCount(c->self->handle));
}

static HRESULT is_null(struct auto_call *c)
{
    struct field f;
    HRESULT hr = field_of(c, &f);

    return FAILED(hr) ? hr : auto_put_bool(c, MsiRecordIsNull(f.record, f.n));
}

static HRESULT data_size(struct auto_call *c)
{
    struct field f;
    HRESULT hr = field_of(c, &f);

    return FAILED(hr) ? hr : auto_put_int(c, (int)MsiRecordDataSize(f.record, f.n));
}

static HRESULT clear_data(struct auto_call *c)
{
    return auto_failed(MsiRecordClearData(c->self->handle));
}

static UINT ask_format(const void *ctx, WCHAR *buf, DWORD *size)
{
    return MsiFormatRecordW(0, *(const MSIHANDLE *)ctx, buf, size);
}

static HRESULT format_text(struct auto_call *c)
{
    return auto_ask_text(c, ask_format, &c->self->handle);
}

static const struct auto_member members[] = {
    {1, AUTO_GET | AUTO_PUT, 1, L"StringData,Field", string_data},
    {2, AUTO_GET | AUTO_PUT, 1, L"IntegerData,Field", integer_data},
    {3, AUTO_METHOD, 2, L"SetStream,Field,FilePath", set_stream},
    {4, AUTO_METHOD, 3, L"ReadStream,Field,Length,Format", read_stream},
    {0, AUTO_GET, 0, L"FieldCount", field_count},
    {6, AUTO_GET, 1, L"IsNull,Field", is_null},
    {5, AUTO_GET, 1, L"DataSize,Field", data_size},
    {7, AUTO_METHOD, 0, L"ClearData", clear_data},
    {8, AUTO_METHOD, 0, L"FormatText", format_text}};

const struct auto_class auto_record = {AUTO_CLASS_IID(0x93), L"Record", members, ARRAY_LEN(members),
                                       NULL};

struct auto_object *auto_new_record(MSIHANDLE h)
{
    return auto_new(&auto_record, sizeof(struct auto_object), h);
}
