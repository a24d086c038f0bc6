/*
 * What goes to standard error: what failed and why, and how far long work has come.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "msiq.h"
#include "seam.h"

void warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("msiq: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

void warn_about(const char16_t *what, const char *words)
{
    fputs("msiq: ", stderr);
    err_text(what);
    fprintf(stderr, ": %s\n", words);
}

/* Field 1 is the error's number. What is said already, the path, comes once more: it may be the
 * other of two files. */
static void say_record(struct pkg_row *rec)
{
    int number = row_int(rec, 1);

    fprintf(stderr, "msiq: Windows Installer error %d %s", number, installer_error(number));
    for (u32 i = 2; i <= row_count(rec); i++) {
        char16_t *text = must(row_text(rec, i));

        if (*text) {
            fputs(" [", stderr);
            err_text(text);
            fputc(']', stderr);
        }
        os_free(text);
    }
    fputc('\n', stderr);
}

u32 complain(const char16_t *what, u32 err)
{
    struct pkg_row *rec = row_last_error();

    fputs("msiq: ", stderr);
    err_text(what);
    fprintf(stderr, ": error %u %s\n", (unsigned)err, error_words(err));
    if (rec)
        say_record(rec);
    row_free(rec);
    return err;
}

void progress(const char *what, u64 done, u64 total)
{
    static u64 last;
    static bool shown;
    u64 now;

    if (options.quiet || (done >= total && !shown) || !stderr_is_terminal())
        return;
    now = os_ticks();
    if (!last)
        last = now; /* short work says nothing */
    if (done < total && now - last < 300)
        return;
    last = now;
    if (done < total)
        fprintf(stderr, "\r%s %llu of %llu ", what, (unsigned long long)done,
                (unsigned long long)total);
    else
        fprintf(stderr, "\r%*s\r", (int)strlen(what) + 48, "");
    shown = done < total;
}
