/* What the programs of prefix-sweep share: one line for each call, "subject name: answer". */
#ifndef SWEEP_H
#define SWEEP_H

#define _WIN32_WINNT 0x0A00
#define WINVER       0x0A00
#define COBJMACROS
#define INITGUID
#include <windows.h>
#include <stdio.h>
#include <string.h>

static int calls;

/* The code that came of a call, and a text where it gave one. */
static void say(const char *subject, const char *name, long code, const WCHAR *text)
{
    char narrow[1024] = "";
    calls++;
    if (text)
        WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow, sizeof(narrow) - 1, NULL, NULL);
    printf("%s %s: %lx %s\n", subject, name, code, narrow);
    fflush(stdout);
}

static void say_a(const char *subject, const char *name, long code, const char *text)
{
    calls++;
    printf("%s %s: %lx %s\n", subject, name, code, text ? text : "");
    fflush(stdout);
}

/* The last error of a function that failed. */
#define FAILED_WITH(ok) ((ok) ? 0L : (long)GetLastError())

static __attribute__((unused)) const char *at(const char *name, int i)
{
    static char text[200];
    snprintf(text, sizeof(text), "%s %d", name, i);
    return text;
}

#endif
