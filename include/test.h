/* SPDX-License-Identifier: MIT */
/*
 * Tests in winetest's style: one file is one program.
 *
 *     START_TEST(record)
 *     {
 *         test_dll("msi");          // fails unless the DLL loaded is the one under test
 *         RUN(an_empty_record_has_no_fields);
 *     }
 *
 *     static void an_empty_record_has_no_fields(void)
 *     {
 *         ok(count == 0, "got %u\n", count);
 *     }
 *
 * ok(condition, format, ...)      a check
 * skip(format, ...)               what cannot run here
 * win_skip(format, ...)           what a DLL other than ours lacks
 * todo_decanter ok(...)           ours is known to fail this; a success is then a failure
 * differs("document") ok(...)     Wine's own DLL may fail this: the document backs ours
 *
 * Result lines are winetest's. DECANTER_TEST=builtin says that Wine's own DLLs are under test.
 * The arguments after the program's own name select test functions; a program that starts itself
 * as a child gives "child" first, and START_TEST's code asks test_child().
 */
#ifndef DECANTER_TEST_H
#define DECANTER_TEST_H

#ifdef _WIN32
#include <windows.h>
#endif
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#include <unistd.h>
#endif

#define TEST_UNUSED __attribute__((unused))

static const char *test_program;
static int test_argc;
static char **test_argv;
static int test_builtin_dlls;
static volatile long test_count, test_failures, test_todos, test_skips, test_differences;
/* Set by todo_decanter and differs around one statement; they are for the main thread. */
static int TEST_UNUSED test_todo_level, test_todo_loop;
static const char *test_differs_doc;

#ifdef _WIN32
#define test_add(counter) InterlockedIncrement(&(counter))
#else
#define test_add(counter) __atomic_add_fetch(&(counter), 1, __ATOMIC_RELAXED)
#endif

#ifdef __MINGW32__
#define TEST_PRINTF(a, b) __attribute__((format(__MINGW_PRINTF_FORMAT, a, b)))
#else
#define TEST_PRINTF(a, b) __attribute__((format(printf, a, b)))
#endif

TEST_UNUSED static const char *test_file_name(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

TEST_UNUSED static void TEST_PRINTF(4, 0)
    test_say(const char *file, int line, const char *what, const char *format, va_list args)
{
    char text[2048];

    vsnprintf(text, sizeof(text), format, args);
    printf("%s:%d: %s: %s", test_file_name(file), line, what, text);
    fflush(stdout);
}

TEST_UNUSED static void TEST_PRINTF(4, 5)
    test_ok(const char *file, int line, int good, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    test_add(test_count);
    if (test_todo_level) {
        test_add(test_todos);
        if (good)
            test_add(test_failures);
        test_say(file, line, good ? "Test succeeded inside todo block" : "Test marked todo", format,
                 args);
    } else if (!good && test_differs_doc && test_builtin_dlls) {
        test_add(test_differences);
        printf("[%s] ", test_differs_doc);
        test_say(file, line, "Differs", format, args);
    } else if (!good) {
        test_add(test_failures);
        test_say(file, line, "Test failed", format, args);
    }
    va_end(args);
}

TEST_UNUSED static void TEST_PRINTF(3, 4)
    test_skip(const char *file, int line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    test_add(test_skips);
    test_say(file, line, "Tests skipped", format, args);
    va_end(args);
}

#define ok(condition, ...) test_ok(__FILE__, __LINE__, !!(condition), __VA_ARGS__)
#define skip(...)          test_skip(__FILE__, __LINE__, __VA_ARGS__)
#define win_skip(...)                                    \
    do {                                                 \
        if (test_builtin_dlls)                           \
            test_skip(__FILE__, __LINE__, __VA_ARGS__);  \
        else                                             \
            test_ok(__FILE__, __LINE__, 0, __VA_ARGS__); \
    } while (0)

TEST_UNUSED static int test_enter(int todo, const char *doc)
{
    test_todo_level = todo;
    test_differs_doc = doc;
    return 1;
}
#define todo_decanter                                                           \
    for (test_todo_loop = test_enter(!test_builtin_dlls, NULL); test_todo_loop; \
         test_todo_loop = 0, test_enter(0, NULL))
#define differs(doc)                                          \
    for (test_todo_loop = test_enter(0, doc); test_todo_loop; \
         test_todo_loop = 0, test_enter(0, NULL))

/* Whether the program was started by itself with "child" as its first argument. */
TEST_UNUSED static int test_child(void)
{
    return test_argc > 1 && !strcmp(test_argv[1], "child");
}

TEST_UNUSED static int test_wanted(const char *name)
{
    int i;

    if (test_argc < 2 || test_child())
        return 1;
    for (i = 1; i < test_argc; i++)
        if (strstr(name, test_argv[i]))
            return 1;
    return 0;
}

#define RUN(function)               \
    do {                            \
        if (test_wanted(#function)) \
            function();             \
    } while (0)

#ifdef _WIN32
/* Whether the module's version resource has our CompanyName. */
TEST_UNUSED static int test_module_is_ours(HMODULE module)
{
    HRSRC found = FindResourceW(module, MAKEINTRESOURCEW(1), MAKEINTRESOURCEW(16));
    const WCHAR *data;
    DWORD size, i;

    if (!found)
        return 0;
    data = (const WCHAR *)LockResource(LoadResource(module, found));
    size = SizeofResource(module, found) / sizeof(WCHAR);
    for (i = 0; data && i + 8 <= size; i++)
        if (!memcmp(data + i, L"Decanter", 8 * sizeof(WCHAR)))
            return 1;
    return 0;
}

/* Fails unless the DLL of that name in this process is the one that is to be tested. */
TEST_UNUSED static void test_dll(const char *name)
{
    HMODULE module = LoadLibraryA(name);
    int ours = module && test_module_is_ours(module);

    if (!module || ours == test_builtin_dlls) {
        printf("%s: Test failed: %s.dll is %s, which is not what is under test\n", test_program,
               name,
               !module ? "absent"
               : ours  ? "ours"
                       : "not ours");
        fflush(stdout);
        exit(1);
    }
}
#endif

#define START_TEST(name)                \
    static void test_body_##name(void); \
    int main(int argc, char **argv)     \
    {                                   \
        test_start(#name, argc, argv);  \
        test_body_##name();             \
        return test_finish();           \
    }                                   \
    static void test_body_##name(void)

TEST_UNUSED static void test_start(const char *name, int argc, char **argv)
{
    const char *mode = getenv("DECANTER_TEST");

    test_program = name;
    test_argc = argc;
    test_argv = argv;
    test_builtin_dlls = mode && !strcmp(mode, "builtin");
    setvbuf(stdout, NULL, _IOFBF, 1 << 14);
}

TEST_UNUSED static int test_finish(void)
{
#ifdef _WIN32
    unsigned pid = (unsigned)GetCurrentProcessId();
#else
    unsigned pid = (unsigned)getpid();
#endif
    if (test_differences)
        printf("%04x:%s: %ld differences backed by a document\n", pid, test_program,
               test_differences);
    printf("%04x:%s: %ld tests executed (%ld marked as todo, %ld failure%s), %ld skipped.\n", pid,
           test_program, test_count, test_todos, test_failures, test_failures == 1 ? "" : "s",
           test_skips);
    fflush(stdout);
    return test_failures > 255 ? 255 : (int)test_failures;
}

#endif
