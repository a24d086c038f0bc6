/*
 * Looking for a signature's file.
 */
#include "search.h"
#include "sysfiles.h"
#include "utf16.h"

enum { DEPTH_MAX = 64, PATH_MAX_UNITS = 1000 };

/* A terminated copy of a piece, or NULL. */
static char16_t *joined(const char16_t *folder, const char16_t *name, bool slash)
{
    struct text_buf b;
    size_t len;

    tb_init(&b);
    tb_add(&b, folder, u16_len(folder));
    tb_add(&b, name, u16_len(name));
    if (slash)
        tb_char(&b, '\\');
    return b.len > PATH_MAX_UNITS ? (tb_free(&b), NULL) : tb_take(&b, &len);
}

struct walk {
    const struct signature *sig;
    const char16_t *folder;
    u32 depth;
    struct text_buf *out;
};

static bool look_below(void *ctx, const char16_t *name, bool is_folder)
{
    struct walk *w = ctx;
    char16_t *path;
    bool found;

    if (!is_folder)
        return false;
    path = joined(w->folder, name, true);
    found = path && signature_in(w->sig, path, w->depth - 1, w->out);
    os_free(path);
    return found;
}

bool signature_in(const struct signature *sig, const char16_t *folder, u32 depth,
                  struct text_buf *out)
{
    struct walk w = {sig, folder, MIN(depth, DEPTH_MAX), out};
    char16_t *path;
    bool found;

    if (!sig->is_file) {
        found = sys_path_kind(folder) == SYS_FOLDER;
        if (found)
            tb_add(out, folder, u16_len(folder));
        return found;
    }
    path = joined(folder, sig->name, false);
    found = path && signature_fits(sig, path);
    if (found)
        tb_add(out, path, u16_len(path));
    os_free(path);
    return found || (w.depth && sys_each_name(folder, look_below, &w));
}

/* --- paths that were found ----------------------------------------------------------------------
 */

static void add_folder(struct text_buf *out, const char16_t *path, size_t len)
{
    tb_add(out, path, len);
    if (len && path[len - 1] != '\\')
        tb_char(out, '\\');
}

static size_t folder_part(const char16_t *path)
{
    size_t n = u16_len(path);

    while (n && path[n - 1] != '\\')
        n--;
    return n;
}

static bool is_drive_root(const char16_t *path)
{
    return path[0] && path[1] == ':' && path[2] == '\\' && !path[3];
}

/* The path between quotes, the whole text where it is a path, or what stands before a blank and
 * options. */
static char16_t *path_of_command(const char16_t *text)
{
    size_t n = 0;

    if (text[0] == '"') {
        for (text++; text[n] && text[n] != '"';)
            n++;
        return u16_dup(text, n);
    }
    n = u16_len(text);
    if (sys_path_kind(text) == SYS_NOTHING)
        for (n = 0; text[n] && text[n] != ' ';)
            n++;
    return u16_dup(text, n);
}

static bool file_of_command(const struct signature *sig, const char16_t *text, struct text_buf *out)
{
    char16_t *path = path_of_command(text);
    bool found = path && signature_fits(sig, path);

    if (found)
        tb_add(out, path, u16_len(path));
    os_free(path);
    return found;
}

/* The folder of a file that need not be there. */
static bool folder_of_command(const char16_t *text, struct text_buf *out)
{
    char16_t *path = text[0] == '"' ? path_of_command(text) : u16_dup(text, u16_len(text));
    size_t len = path ? folder_part(path) : 0;

    if (len)
        tb_add(out, path, len);
    os_free(path);
    return len != 0;
}

bool signature_of_path(const struct signature *sig, const char16_t *path, bool as_file,
                       struct text_buf *out)
{
    if (as_file)
        return sig->is_file ? file_of_command(sig, path, out) : folder_of_command(path, out);
    if (sys_path_kind(path) != SYS_FOLDER || (sig->is_file && !is_drive_root(path)))
        return false;
    add_folder(out, path, u16_len(path));
    return true;
}
