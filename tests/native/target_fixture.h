/*
 * A folder that is installed on, for tests.
 *
 *     target_start("name");                   empty, in the temporary folder, with drive_c
 *     target_file("drive_c/a.txt", "text");   with a time of its own
 *     target_show()                           everything there as text; free() it
 *     target_end();
 */
#ifndef TEST_TARGET_FIXTURE_H
#define TEST_TARGET_FIXTURE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "target_host.h"
#include "test.h"

static char target_root[300];

static const char *target_path(const char *name)
{
    static char path[4][700];
    static unsigned turn;
    char *to = path[turn++ % 4];

    snprintf(to, sizeof(path[0]), "%s/%s", target_root, name);
    return to;
}

static void target_empty(const char *folder)
{
    DIR *stream = opendir(folder);
    struct dirent *e;

    while (stream && (e = readdir(stream))) {
        char path[1200];

        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        if (unlink(path)) {
            target_empty(path);
            rmdir(path);
        }
    }
    if (stream)
        closedir(stream);
}

TEST_UNUSED static void target_folder(const char *name)
{
    ok(!mkdir(target_path(name), 0755), "folder %s\n", name);
}

TEST_UNUSED static void target_start(const char *name)
{
    const char *temp = getenv("TMPDIR");

    tgt_use(NULL);
    snprintf(target_root, sizeof(target_root), "%s/decanter-%s-%d", temp ? temp : "/tmp", name,
             (int)getpid());
    target_empty(target_root);
    mkdir(target_root, 0755);
    target_folder("drive_c");
    ok(!tgt_use(target_root), "use %s\n", target_root);
}

TEST_UNUSED static void target_end(void)
{
    tgt_use(NULL);
    target_empty(target_root);
    rmdir(target_root);
}

/* Its time comes from its text, so that another file of the same text has the same. */
TEST_UNUSED static void target_file(const char *name, const char *text)
{
    struct timespec t[2] = {{1000000000, 0}, {1000000000, 123456700}};
    FILE *f = fopen(target_path(name), "wb");

    ok(f != NULL, "file %s\n", name);
    if (!f)
        return;
    fputs(text, f);
    fclose(f);
    for (const char *p = text; *p; p++)
        t[1].tv_sec += *p * 1000;
    utimensat(AT_FDCWD, target_path(name), t, 0);
}

/* --- looking ---------------------------------------------------------------------------------- */

enum { TARGET_OLD = 1100000000 };

/* The folders in the drives get times of long ago, another one each. */
static void target_age_in(const char *folder, u32 depth, time_t *when)
{
    struct timespec t[2] = {{1000000000, 0}, {++*when, 0}};
    DIR *stream = opendir(folder);
    struct dirent *e;

    while (stream && (e = readdir(stream))) {
        char path[1200];
        struct stat st;

        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..") && !lstat(path, &st) &&
            S_ISDIR(st.st_mode))
            target_age_in(path, depth + 1, when);
    }
    if (stream)
        closedir(stream);
    if (depth > 1)
        utimensat(AT_FDCWD, folder, t, 0);
}

TEST_UNUSED static void target_age(void)
{
    time_t when = 1000000000;

    target_age_in(target_root, 0, &when);
}

struct target_lines {
    char **all;
    size_t count;
};

static void target_see_file(char *line, size_t cap, const char *path, const struct stat *st)
{
    unsigned long long sum = 1469598103934665603ull;
    FILE *f = fopen(path, "rb");
    char text[41] = "";
    size_t n = 0;
    int c;

    for (; f && (c = fgetc(f)) != EOF; n++) {
        sum = (sum ^ (unsigned)c) * 1099511628211ull;
        if (n < 40)
            text[n] = (char)(c < 32 || c > 126 ? '.' : c);
    }
    if (f)
        fclose(f);
    snprintf(line, cap, " %llu bytes %016llx time %lld.%09ld \"%s\"", (unsigned long long)n, sum,
             (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, text);
}

static void target_see(struct target_lines *l, const char *folder, const char *below)
{
    DIR *stream = opendir(folder);
    struct dirent *e;

    while (stream && (e = readdir(stream))) {
        char path[1200], name[600], dos[32] = "";
        struct stat st;
        char *line;

        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        snprintf(name, sizeof(name), "%s/%s", below, e->d_name);
        lstat(path, &st);
        if (lgetxattr(path, "user.DOSATTRIB", dos, sizeof(dos) - 1) < 0)
            dos[0] = 0;
        line = calloc(1, 1000);
        snprintf(line, 1000, "%s %o %s", name, st.st_mode, dos);
        if (S_ISDIR(st.st_mode) && st.st_mtim.tv_sec < TARGET_OLD)
            snprintf(line + strlen(line), 1000 - strlen(line), " old %lld",
                     (long long)st.st_mtim.tv_sec);
        if (S_ISREG(st.st_mode))
            target_see_file(line + strlen(line), 1000 - strlen(line), path, &st);
        l->all = realloc(l->all, (l->count + 1) * sizeof(*l->all));
        l->all[l->count++] = line;
        if (S_ISDIR(st.st_mode))
            target_see(l, path, name);
    }
    if (stream)
        closedir(stream);
}

static int target_by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A line each in alphabetical order: path, mode, attributes, size, sum, time, the first bytes. Of
 * folders' times those of target_age. */
TEST_UNUSED static char *target_show(void)
{
    struct target_lines l = {NULL, 0};
    size_t total = 1, at = 0;
    char *all;

    target_see(&l, target_root, "");
    if (l.count)
        qsort(l.all, l.count, sizeof(*l.all), target_by_text);
    for (size_t i = 0; i < l.count; i++)
        total += strlen(l.all[i]) + 1;
    all = calloc(1, total);
    for (size_t i = 0; i < l.count; i++) {
        at += (size_t)sprintf(all + at, "%s\n", l.all[i]);
        free(l.all[i]);
    }
    free(l.all);
    return all;
}

#endif
