/*
 * msiq: looks into Windows Installer packages and changes them.
 */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msiq.h"

struct options options;

static const struct command commands[] = {
    {L"info", 1, 1, cmd_info, "info FILE", "the summary information"},
    {L"tables", 1, 1, cmd_tables, "tables FILE", "the tables, with their numbers of rows"},
    {L"schema", 1, -1, cmd_schema, "schema FILE [TABLE ...]", "columns, types and keys"},
    {L"show", 1, -1, cmd_show, "show FILE [TABLE ...]", "rows of the tables"},
    {L"sql", 1, 3, cmd_sql, "sql FILE [QUERY | -f SCRIPT]",
     "one query, a script of queries that end with ';', or lines from\n"
     "                                 standard input; committed if all worked"},
    {L"export", 1, -1, cmd_export, "export FILE [TABLE ...]",
     "text archives, to standard output or to the folder --out"},
    {L"import", 2, -1, cmd_import, "import FILE IDT ...", "text archives into FILE (made if new)"},
    {L"streams", 1, -1, cmd_streams, "streams FILE [NAME | all | put NAME PATH | delete NAME ...]",
     "the streams and sizes, one stream's bytes (to --out), all of\n"
     "                                 them (to the folder --out); put and delete commit"},
    {L"diff", 2, 2, cmd_diff, "diff OLD NEW", "what differs, row by row"},
    {L"transform", 2, 4, cmd_transform,
     "transform make OLD NEW MST | apply FILE MST | show MST [BASE]",
     "makes a transform, applies one (--out: to a copy), or shows\n"
     "                                 what it does to the package BASE"},
    {L"merge", 2, 2, cmd_merge, "merge FILE OTHER", "merges OTHER's rows into FILE"},
    {L"validate", 1, 1, cmd_validate, "validate FILE", "checks every row against _Validation"},
    {L"tour", 1, 1, cmd_tour, "tour FILE", "all of a package, and how handles keep their thread"},
};

static void print_usage(void)
{
    fputs("usage: msiq COMMAND [--csv | --json] [--out PATH] [--quiet] ...\n\n", stderr);
    for (size_t i = 0; i < ARRAYSIZE(commands); i++)
        fprintf(stderr, "  %-30s%s%s\n", commands[i].usage,
                strlen(commands[i].usage) < 30 ? " " : "\n                                 ",
                commands[i].help);
    fputs("\nexit codes: 0 done, 1 differences or violations found, 2 failed, 3 wrong usage\n",
          stderr);
}

static char *utf8(const WCHAR *s)
{
    int n = WideCharToMultiByte(CP_UTF8, 0, s, -1, NULL, 0, NULL, NULL);
    char *out = must_alloc((size_t)n + 1);

    WideCharToMultiByte(CP_UTF8, 0, s, -1, out, n, NULL, NULL);
    return out;
}

static const char *error_name(UINT err)
{
    switch (err) {
    case ERROR_FILE_NOT_FOUND:
        return "no such file";
    case ERROR_PATH_NOT_FOUND:
        return "no such folder";
    case ERROR_ACCESS_DENIED:
        return "access denied";
    case ERROR_SHARING_VIOLATION:
        return "in use by another program";
    case ERROR_OPEN_FAILED:
        return "it cannot be opened";
    case ERROR_DISK_FULL:
        return "the disk is full";
    case ERROR_INSTALL_PACKAGE_INVALID:
        return "not a valid package";
    case ERROR_BAD_QUERY_SYNTAX:
        return "the query is wrong";
    case ERROR_INVALID_TABLE:
        return "no such table";
    case ERROR_INVALID_DATA:
        return "the data is wrong";
    case ERROR_NO_MORE_ITEMS:
        return "there is none of that name";
    case ERROR_FUNCTION_FAILED:
        return "it failed";
    case ERROR_BAD_PATHNAME:
        return "it cannot be written there";
    case ERROR_DATATYPE_MISMATCH:
        return "the tables have other columns";
    case ERROR_CALL_NOT_IMPLEMENTED:
        return "not implemented";
    default:
        return "";
    }
}

UINT complain(const WCHAR *what, UINT err)
{
    MSIHANDLE rec = MsiGetLastErrorRecord();
    char *name = utf8(what);

    fprintf(stderr, "msiq: %s: error %u %s\n", name, err, error_name(err));
    free(name);
    if (rec) {
        fprintf(stderr, "msiq: Windows Installer error %d", MsiRecordGetInteger(rec, 1));
        fprintf(stderr, " %s", installer_error(MsiRecordGetInteger(rec, 1)));
        for (unsigned i = 2; i <= MsiRecordGetFieldCount(rec); i++) {
            WCHAR *text = record_text(rec, i);
            char *part = utf8(text);

            if (*part)
                fprintf(stderr, " [%s]", part);
            free(part);
            free(text);
        }
        fputc('\n', stderr);
        MsiCloseHandle(rec);
    }
    return err;
}

void progress(const char *what, unsigned done, unsigned total)
{
    static DWORD last;
    static bool shown;
    DWORD now = GetTickCount();

    if (!last)
        last = now; /* short work says nothing */
    if (options.quiet || (done < total && now - last < 300))
        return;
    last = now;
    if (done < total)
        fprintf(stderr, "\r%s %u of %u ", what, done, total);
    else if (shown)
        fprintf(stderr, "\r%*s\r", (int)strlen(what) + 24, "");
    shown = done < total;
}

void *must_alloc(size_t size)
{
    return must_realloc(NULL, size);
}

void *must_realloc(void *p, size_t size)
{
    p = realloc(p, size ? size : 1);
    if (!p) {
        fputs("msiq: out of memory\n", stderr);
        exit(EXIT_FAILED);
    }
    return p;
}

WCHAR *must_dup(const WCHAR *s)
{
    size_t size = (wcslen(s) + 1) * sizeof(*s);

    return memcpy(must_alloc(size), s, size);
}

/* Takes the options out of argv; returns how many arguments are left, or -1. */
static int take_options(int argc, WCHAR **argv)
{
    int kept = 0;

    for (int i = 0; i < argc; i++) {
        if (!wcscmp(argv[i], L"--csv"))
            options.form = OUT_CSV;
        else if (!wcscmp(argv[i], L"--json"))
            options.form = OUT_JSON;
        else if (!wcscmp(argv[i], L"--quiet"))
            options.quiet = true;
        else if (!wcscmp(argv[i], L"--out") && i + 1 < argc)
            options.out = argv[++i];
        else if (!wcsncmp(argv[i], L"--", 2))
            return -1;
        else
            argv[kept++] = argv[i];
    }
    return kept;
}

int wmain(int argc, WCHAR **argv); /* -municode calls it; no header of mingw-w64 declares it */

int wmain(int argc, WCHAR **argv)
{
    int code;

    _setmode(_fileno(stdout), _O_BINARY);
    argc = take_options(argc, argv);
    for (size_t i = 0; argc > 1 && i < ARRAYSIZE(commands); i++) {
        const struct command *c = &commands[i];

        if (wcscmp(argv[1], c->name))
            continue;
        if (argc - 2 < c->least || (c->most >= 0 && argc - 2 > c->most))
            break;
        code = c->run(argc - 2, argv + 2);
        out_flush();
        return code;
    }
    print_usage();
    return EXIT_USAGE;
}
