/*
 * Output: UTF-8 on standard output, complaints and progress on standard error.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hivetool.h"
#include "os.h"
#include "utf16.h"

static void write_text(FILE *to, const char16_t *s, size_t len)
{
    char bytes[1024];

    while (len) {
        size_t n = MIN(len, 256u);

        /* a pair is not cut in two */
        if (n < len && s[n - 1] >= 0xd800 && s[n - 1] < 0xdc00)
            n--;
        n = n ? n : 1;
        fwrite(bytes, 1, u16_to_utf8(bytes, sizeof(bytes), s, n, false), to);
        s += n;
        len -= n;
    }
}

void out_text(const char16_t *s, size_t len)
{
    write_text(stdout, s, len);
}

static bool is_half(const char16_t *s, size_t len)
{
    return *s >= 0xd800 && *s < 0xe000 &&
           !(*s < 0xdc00 && len > 1 && s[1] >= 0xdc00 && s[1] < 0xe000);
}

void out_visible(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool half = is_half(s + i, len - i);

        if (half || s[i] < 0x20 || (s[i] >= 0x7f && s[i] < 0xa0)) {
            out_format(s[i] ? half ? "\\x%04x" : "\\x%02x" : "\\0", s[i]);
        } else if (s[i] >= 0xd800 && s[i] < 0xdc00) {
            out_text(s + i++, 2);
        } else {
            out_text(s + i, 1);
        }
    }
}

void out_string(const char16_t *s)
{
    out_text(s, u16_len(s));
}

void out_format(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stdout, format, args);
    va_end(args);
}

void warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("hive: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

static const char *error_words(u32 err)
{
    switch (err) {
    case ERROR_FILE_NOT_FOUND:
        return "not found";
    case ERROR_PATH_NOT_FOUND:
        return "no such folder";
    case ERROR_ACCESS_DENIED:
        return "access denied";
    case ERROR_SHARING_VIOLATION:
        return "in use by another program";
    case ERROR_NOT_REGISTRY_FILE:
        return "not a hive";
    case ERROR_BADDB:
        return "its base block is wrong";
    case ERROR_REGISTRY_CORRUPT:
        return "it is damaged, and not written to for that: hive check tells what is wrong, "
               "hive salvage writes what can be read as a new hive";
    case ERROR_INVALID_DATA:
        return "it makes no sense";
    case ERROR_DISK_FULL:
        return "the disk is full";
    case ERROR_OUTOFMEMORY:
        return "out of memory";
    case ERROR_NO_SYSTEM_RESOURCES:
        return "larger than a hive can be here (2 GB)";
    case ERROR_BUSY:
        return "busy";
    case ERROR_FILE_EXISTS:
        return "it is there already";
    default:
        return "failed";
    }
}

int complain(const char16_t *what, u32 err)
{
    fputs("hive: ", stderr);
    write_text(stderr, what, u16_len(what));
    fprintf(stderr, ": %s (error %u)\n", error_words(err), (unsigned)err);
    return EXIT_FAILED;
}

int complain_ascii(const char *what, u32 err)
{
    fprintf(stderr, "hive: %s: %s (error %u)\n", what, error_words(err), (unsigned)err);
    return EXIT_FAILED;
}

void progress(const char *what, u64 done, u64 total)
{
    static u64 last;
    static bool shown;
    u64 now = os_ticks();

    if (!last)
        last = now; /* short work says nothing */
    if (options.quiet || (done != total && now - last < 300))
        return;
    last = now;
    if (done == total && shown)
        fprintf(stderr, "\r%*s\r", (int)strlen(what) + 48, "");
    else if (done != total && total)
        fprintf(stderr, "\r%s: %llu %% ", what, (unsigned long long)(done * 100 / total));
    else if (done != total)
        fprintf(stderr, "\r%s: %llu ", what, (unsigned long long)done);
    shown = done != total;
}

int complain_key(const char16_t *hive, const char16_t *key, const char16_t *value, u32 err)
{
    fputs("hive: ", stderr);
    write_text(stderr, hive, u16_len(hive));
    if (key && *key) {
        fputs(": key ", stderr);
        write_text(stderr, key, u16_len(key));
    }
    if (value) {
        fputs(*value ? ": value " : ": default value", stderr);
        write_text(stderr, value, u16_len(value));
    }
    fprintf(stderr, ": %s (error %u)\n", error_words(err), (unsigned)err);
    return EXIT_FAILED;
}

int complain_text(const char16_t *file, u32 err)
{
    if (err != ERROR_NOT_REGISTRY_FILE)
        return complain(file, err);
    fputs("hive: ", stderr);
    write_text(stderr, file, u16_len(file));
    fputs(": no registry text: its first line is none of 'Windows Registry Editor Version 5.00', "
          "'REGEDIT4' and 'WINE REGISTRY Version 2'\n",
          stderr);
    return EXIT_FAILED;
}

void warn_line(const char16_t *file, u32 line, const char *what, const char16_t *key, u32 len)
{
    fputs("hive: ", stderr);
    write_text(stderr, file, u16_len(file));
    fprintf(stderr, ", line %u: %s", (unsigned)line, what);
    if (key) {
        fputs(": ", stderr);
        write_text(stderr, key, MIN(len, 400u));
    }
    fputc('\n', stderr);
}
