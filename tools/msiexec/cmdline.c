/* SPDX-License-Identifier: MIT */
/*
 * msiexec's command line.
 */
#include "cmdline.h"

#include "args.h"
#include "os.h"
#include "utf16.h"

/* The line being parsed. */
struct parse {
    struct cmdline *c;
    struct args args;
    u32 at;      /* of the next argument */
    bool failed; /* no memory */
    bool prompt_restart, patch_removed;
    struct args_text properties;
};

static u32 wrong(struct parse *p, const char *why, const char16_t *where)
{
    if (!p->c->wrong) {
        p->c->wrong = why;
        p->c->wrong_at = where ? u16_dup(where, u16_len(where)) : NULL;
    }
    return ERROR_INVALID_COMMAND_LINE;
}

static char16_t lower(char16_t c)
{
    return c >= 'A' && c <= 'Z' ? (char16_t)(c + 32) : c;
}

/* Whether text is the ASCII word, whatever its case. */
static bool is_word(const char16_t *text, const char *word)
{
    size_t i = 0;

    while (word[i] && lower(text[i]) == (unsigned char)word[i])
        i++;
    return !word[i] && !text[i];
}

bool cmdline_is_code(const char16_t *text)
{
    static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    size_t i;

    for (i = 0; form[i]; i++) {
        char16_t c = lower(text[i]);
        bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');

        if (form[i] == 'x' ? !digit : c != (unsigned char)form[i])
            return false;
    }
    return !text[i];
}

/* --- properties ---------------------------------------------------------------------------------
 */

/* NAME="value", its quotation marks doubled. */
static void add_property(struct parse *p, const char16_t *name, size_t name_len,
                         const char16_t *value)
{
    struct args_text *t = &p->properties;

    if (t->len)
        args_char(t, ' ');
    for (size_t i = 0; i < name_len; i++)
        args_char(t, u16_upper(name[i]));
    args_char(t, '=');
    args_char(t, '"');
    for (; *value; value++) {
        args_char(t, *value);
        if (*value == '"')
            args_char(t, '"');
    }
    args_char(t, '"');
}

static void set_property(struct parse *p, const char16_t *name, const char16_t *value)
{
    add_property(p, name, u16_len(name), value);
}

static bool is_name_char(char16_t c)
{
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static u32 take_property(struct parse *p, const char16_t *arg)
{
    size_t n = 0;

    while (is_name_char(arg[n]))
        n++;
    if (!n || arg[n] != '=')
        return wrong(p, "this is neither an option nor a property", arg);
    add_property(p, arg, n, arg + n + 1);
    return ERROR_SUCCESS;
}

/* --- arguments of options -----------------------------------------------------------------------
 */

static bool is_option(const char16_t *arg);

static u32 keep(struct parse *p, char16_t **to, const char16_t *text)
{
    if (*to)
        return wrong(p, "this is given more than once", text);
    *to = u16_dup(text, u16_len(text));
    return *to ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* What stands behind the option in its own argument, or else the next one. */
static u32 value_of(struct parse *p, const char16_t *option, const char16_t *rest, char16_t **to)
{
    if (rest && *rest)
        return keep(p, to, rest);
    if (p->at == p->args.count || is_option(p->args.all[p->at]) || !*p->args.all[p->at])
        return wrong(p, "this option lacks its argument", option);
    return keep(p, to, p->args.all[p->at++]);
}

/* Such a rest is an argument for sure, and not a misspelt option. */
static bool is_attached(const char16_t *rest)
{
    if (*rest == '{')
        return true;
    for (; *rest; rest++)
        if (*rest == '\\' || *rest == ':' || *rest == '.' || *rest == '/')
            return true;
    return false;
}

/* --- the options --------------------------------------------------------------------------------
 */

static u32 command(struct parse *p, enum command what, const char16_t *option, const char16_t *rest)
{
    struct cmdline *c = p->c;

    if (c->command == COMMAND_PATCH && what == COMMAND_ADMIN) {
        c->command = COMMAND_PATCH_ADMIN;
        return value_of(p, option, rest, &c->image);
    }
    if (c->command == COMMAND_ADMIN && what == COMMAND_PATCH) {
        c->command = COMMAND_PATCH_ADMIN;
        c->image = c->what;
        c->what = NULL;
        return value_of(p, option, rest, &c->what);
    }
    if (c->command != COMMAND_NONE)
        return wrong(p, "this option cannot be used with the one before", option);
    c->command = what;
    return value_of(p, option, rest, &c->what);
}

static bool ends_with(const char16_t *s, size_t n, const char16_t *end)
{
    size_t m = u16_len(end);

    return n >= m && !u16_compare_fold(s + n - m, m, end, m);
}

/* Patches, or their codes, with semicolons between. */
static bool are_patches(const char16_t *s)
{
    while (*s) {
        size_t n = 0;

        while (s[n] && s[n] != ';')
            n++;
        if (n && !(n == 38 && s[0] == '{') && !ends_with(s, n, u".msp"))
            return false;
        s += n + (s[n] == ';');
    }
    return true;
}

/* /package PRODUCT /uninstall PATCHES, in any order, takes patches away. */
static u32 on_install(struct parse *p, const char16_t *option, const char16_t *rest)
{
    if (p->c->command == COMMAND_UNINSTALL && are_patches(p->c->what)) {
        char16_t *patches = p->c->what;

        p->c->what = NULL;
        p->c->command = COMMAND_INSTALL;
        p->patch_removed = true;
        set_property(p, u"MSIPATCHREMOVE", patches);
        os_free(patches);
        return value_of(p, option, rest, &p->c->what);
    }
    return command(p, COMMAND_INSTALL, option, rest);
}

static u32 on_uninstall(struct parse *p, const char16_t *option, const char16_t *rest)
{
    char16_t *patches = NULL;
    u32 err;

    if (p->c->command != COMMAND_INSTALL || p->patch_removed)
        return command(p, COMMAND_UNINSTALL, option, rest);
    err = value_of(p, option, rest, &patches);
    if (!err && !are_patches(patches))
        err = wrong(p, "this option cannot be used with the one before", option);
    if (!err)
        set_property(p, u"MSIPATCHREMOVE", patches);
    p->patch_removed = true;
    os_free(patches);
    return err;
}

static u32 on_admin(struct parse *p, const char16_t *option, const char16_t *rest)
{
    return command(p, COMMAND_ADMIN, option, rest);
}

static u32 on_patch(struct parse *p, const char16_t *option, const char16_t *rest)
{
    return command(p, COMMAND_PATCH, option, rest);
}

static u32 on_register(struct parse *p, const char16_t *option, const char16_t *rest)
{
    return command(p, COMMAND_REGISTER, option, rest);
}

static u32 on_unregister(struct parse *p, const char16_t *option, const char16_t *rest)
{
    return command(p, COMMAND_UNREGISTER, option, rest);
}

/* REINSTALLMODE's bits by its letters. */
static u32 repair_bit(char16_t letter)
{
    static const struct {
        char letter;
        u32 bit;
    } bits[] = {{'p', 2},    {'o', 4},    {'e', 8},     {'d', 0x10},  {'c', 0x20},
                {'a', 0x40}, {'m', 0x80}, {'u', 0x100}, {'s', 0x200}, {'v', 0x400}};

    for (size_t i = 0; i < ARRAY_LEN(bits); i++)
        if (lower(letter) == (unsigned char)bits[i].letter)
            return bits[i].bit;
    return 0;
}

enum { REPAIR_OMUS = 4 | 0x80 | 0x100 | 0x200 };

static u32 on_repair(struct parse *p, const char16_t *option, const char16_t *rest)
{
    u32 bits = 0;

    while (repair_bit(*rest))
        bits |= repair_bit(*rest++);
    if (*rest && *rest != '{')
        return wrong(p, "this option has a letter that there is not", option);
    p->c->reinstall = bits ? bits : REPAIR_OMUS;
    return command(p, COMMAND_REPAIR, option, rest);
}

static u32 on_advertise(struct parse *p, const char16_t *option, const char16_t *rest)
{
    if (lower(*rest) == 'u' || lower(*rest) == 'm')
        p->c->for_user = lower(*rest++) == 'u';
    if (*rest && !is_attached(rest))
        return wrong(p, "this option has a letter that there is not", option);
    return command(p, COMMAND_ADVERTISE, option, rest);
}

static u32 on_transforms(struct parse *p, const char16_t *option, const char16_t *rest)
{
    return value_of(p, option, rest, &p->c->transforms);
}

static u32 on_language(struct parse *p, const char16_t *option, const char16_t *rest)
{
    char16_t *text = NULL;
    u32 err = value_of(p, option, rest, &text);

    if (!err && (!u16_to_u32(text, u16_len(text), &p->c->language) || p->c->language > 0xffff))
        err = wrong(p, "this is no language", text);
    os_free(text);
    return err;
}

static u32 on_instance(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    p->c->instance = true;
    return ERROR_SUCCESS;
}

static u32 on_instance_of(struct parse *p, const char16_t *option, const char16_t *rest)
{
    u32 err = value_of(p, option, rest, &p->c->instance_of);

    if (!err && !cmdline_is_code(p->c->instance_of))
        err = wrong(p, "this is no product code", p->c->instance_of);
    return err;
}

static u32 on_status_file(struct parse *p, const char16_t *option, const char16_t *rest)
{
    return value_of(p, option, rest, &p->c->status_file);
}

/* --- the log ------------------------------------------------------------------------------------
 */

enum { LOG_STAR = 0xfdf, LOG_DEFAULT = 2 | 4 | 0x10 | 0x80 | 0x100 | 0x200 | 1 };

static u32 log_bit(char16_t letter)
{
    static const struct {
        char letter;
        u32 bit;
    } bits[] = {{'m', 1},     {'e', 2},     {'w', 4},      {'u', 8},
                {'i', 0x10},  {'o', 0x80},  {'a', 0x100},  {'r', 0x200},
                {'p', 0x400}, {'c', 0x800}, {'v', 0x1000}, {'x', 0x2000}};

    if (letter == '*')
        return LOG_STAR;
    for (size_t i = 0; i < ARRAY_LEN(bits); i++)
        if (lower(letter) == (unsigned char)bits[i].letter)
            return bits[i].bit;
    return 0;
}

static u32 on_log_letters(struct parse *p, const char16_t *option, const char16_t *rest)
{
    u32 modes = 0, attributes = 0;

    for (;; rest++) {
        u32 bit = log_bit(*rest);

        if (*rest == '+')
            attributes |= 1;
        else if (*rest == '!')
            attributes |= 2;
        else if (bit)
            modes |= bit;
        else
            break;
    }
    if (*rest)
        return wrong(p, "this option has a letter that there is not", option);
    p->c->log_modes = modes ? modes : LOG_DEFAULT;
    p->c->log_attributes = attributes;
    return value_of(p, option, NULL, &p->c->log);
}

static u32 on_log(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(rest);
    p->c->log_modes = LOG_STAR;
    return value_of(p, option, NULL, &p->c->log);
}

/* --- the user interface -------------------------------------------------------------------------
 */

static u32 take_signs(struct parse *p, const char16_t *option, const char16_t *signs, u32 level)
{
    u32 bits = 0;

    for (; *signs; signs++) {
        u32 bit = *signs == '+'   ? UI_END_DIALOG
                  : *signs == '-' ? UI_PROGRESS_ONLY
                  : *signs == '!' ? UI_HIDE_CANCEL
                                  : 0;

        if (!bit || bits & bit)
            return wrong(p, "this is no level of the user interface", option);
        bits |= bit;
    }
    /* only basic has all of them; none can have a dialog at its end */
    if ((bits & UI_END_DIALOG && bits & UI_PROGRESS_ONLY) ||
        (level == UI_NONE && bits & ~(u32)UI_END_DIALOG) || (level > UI_BASIC && bits))
        return wrong(p, "this is no level of the user interface", option);
    p->c->ui = level | bits;
    return ERROR_SUCCESS;
}

static u32 on_level(struct parse *p, const char16_t *option, const char16_t *rest)
{
    switch (lower(*rest)) {
    case 'n':
        return take_signs(p, option, rest + 1, UI_NONE);
    case 'b':
        return take_signs(p, option, rest + 1, UI_BASIC);
    case 'r':
        return take_signs(p, option, rest + 1, UI_REDUCED);
    case 'f':
        return take_signs(p, option, rest + 1, UI_FULL);
    }
    return take_signs(p, option, rest, UI_NONE);
}

static u32 on_quiet(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    p->c->ui = UI_NONE;
    return ERROR_SUCCESS;
}

static u32 on_passive(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    p->c->ui = UI_BASIC | UI_PROGRESS_ONLY | UI_HIDE_CANCEL;
    set_property(p, u"REBOOTPROMPT", u"S");
    return ERROR_SUCCESS;
}

static u32 on_no_restart(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    set_property(p, u"REBOOT", u"ReallySuppress");
    return ERROR_SUCCESS;
}

static u32 on_force_restart(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    set_property(p, u"REBOOT", u"Force");
    return ERROR_SUCCESS;
}

static u32 on_prompt_restart(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    p->prompt_restart = true;
    set_property(p, u"REBOOTPROMPT", u"");
    return ERROR_SUCCESS;
}

static u32 alone(struct parse *p, enum command what)
{
    p->c->command = what;
    p->at = p->args.count; /* what follows does not matter */
    return ERROR_SUCCESS;
}

static u32 on_help(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    return alone(p, COMMAND_HELP);
}

static u32 on_recover(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(rest);
    if (p->c->command != COMMAND_NONE)
        return wrong(p, "this option cannot be used with the one before", option);
    p->c->command = COMMAND_RECOVER;
    return ERROR_SUCCESS;
}

static u32 on_progress(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    p->c->progress = true;
    return ERROR_SUCCESS;
}

static u32 on_wine(struct parse *p, const char16_t *option, const char16_t *rest)
{
    UNUSED(option);
    UNUSED(rest);
    return alone(p, COMMAND_OF_WINE);
}

/* --- finding them -------------------------------------------------------------------------------
 */

typedef u32 (*option_fn)(struct parse *p, const char16_t *option, const char16_t *rest);

static const struct {
    const char *name;
    option_fn take;
} words[] = {
    {"help", on_help},
    {"h", on_help},
    {"?", on_help},
    {"i", on_install},
    {"package", on_install},
    {"x", on_uninstall},
    {"uninstall", on_uninstall},
    {"a", on_admin},
    {"p", on_patch},
    {"update", on_patch},
    {"t", on_transforms},
    {"g", on_language},
    {"c", on_instance},
    {"n", on_instance_of},
    {"m", on_status_file},
    {"log", on_log},
    {"quiet", on_quiet},
    {"passive", on_passive},
    {"norestart", on_no_restart},
    {"forcerestart", on_force_restart},
    {"promptrestart", on_prompt_restart},
    {"y", on_register},
    {"z", on_unregister},
    {"recover", on_recover},
    {"progress", on_progress},
    {"embedding", on_wine},
    {"regserver", on_wine},
    {"unregserver", on_wine},
    {"unregister", on_wine},
    {"v", on_wine},
};

/* Letters with more letters behind them, or with their argument. */
static const struct {
    char letter;
    bool letters; /* may have some behind it; else what is there is the argument */
    option_fn take;
} stems[] = {
    {'f', true, on_repair},      {'j', true, on_advertise},    {'l', true, on_log_letters},
    {'q', true, on_level},       {'i', false, on_install},     {'x', false, on_uninstall},
    {'a', false, on_admin},      {'p', false, on_patch},       {'y', false, on_register},
    {'z', false, on_unregister}, {'n', false, on_instance_of}, {'t', false, on_transforms},
};

static bool has_sign(const char16_t *arg)
{
    return (arg[0] == '/' || arg[0] == '-') && arg[1];
}

/* A letter's option takes what is behind it, or it is none. */
static bool stem_fits(size_t i, const char16_t *rest)
{
    if (!stems[i].letters)
        return is_attached(rest);
    /* "/home/x" is no option of /h...; "/log" and the like were looked for before */
    if (is_attached(rest) && *rest != '{' && stems[i].letter != 'j')
        return false;
    return true;
}

static option_fn find_option(const char16_t *arg, const char16_t **rest)
{
    if (!has_sign(arg))
        return NULL;
    *rest = u"";
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (is_word(arg + 1, words[i].name))
            return words[i].take;
    *rest = arg + 2;
    for (size_t i = 0; i < ARRAY_LEN(stems); i++)
        if (lower(arg[1]) == (unsigned char)stems[i].letter && stem_fits(i, arg + 2))
            return stems[i].take;
    return NULL;
}

static bool is_option(const char16_t *arg)
{
    const char16_t *rest;

    /* a path from the root, as a shell of the host has it, is none */
    if (has_sign(arg) && is_attached(arg + 1) && arg[0] == '/' && !find_option(arg, &rest))
        return false;
    return find_option(arg, &rest) != NULL || arg[0] == '-';
}

static u32 take_argument(struct parse *p, const char16_t *arg)
{
    const char16_t *rest = NULL;
    option_fn take = find_option(arg, &rest);

    if (take)
        return take(p, arg, rest);
    if (has_sign(arg))
        return wrong(p, "there is no such option", arg);
    return take_property(p, arg);
}

/* --- all of it ----------------------------------------------------------------------------------
 */

static u32 check_together(struct parse *p)
{
    struct cmdline *c = p->c;

    if (c->command == COMMAND_NONE)
        return wrong(p, "nothing is asked for", NULL);
    if (c->command != COMMAND_ADVERTISE && (c->transforms || c->language || c->instance))
        return wrong(p, "the options t, g and c belong to j", NULL);
    if (c->instance && !c->transforms)
        return wrong(p, "the option c needs t", NULL);
    if (p->prompt_restart && c->ui == UI_NONE)
        return wrong(p, "promptrestart cannot be used with quiet", NULL);
    if (c->instance_of && c->command != COMMAND_INSTALL && c->command != COMMAND_UNINSTALL &&
        c->command != COMMAND_REPAIR && c->command != COMMAND_PATCH)
        return wrong(p, "the option n belongs to i, f, x and p", NULL);
    return ERROR_SUCCESS;
}

u32 cmdline_parse(const char16_t *line, struct cmdline *c)
{
    struct parse p = {.c = c};
    u32 err;

    *c = (struct cmdline){0};
    err = args_split(line, &p.args);
    while (!err && p.at < p.args.count) {
        const char16_t *arg = p.args.all[p.at++];

        err = take_argument(&p, arg);
    }
    if (!err)
        err = check_together(&p);
    if (!err && p.properties.failed)
        err = ERROR_OUTOFMEMORY;
    c->properties = p.properties.s;
    args_free(&p.args);
    return err;
}

void cmdline_free(struct cmdline *c)
{
    os_free(c->what);
    os_free(c->image);
    os_free(c->properties);
    os_free(c->log);
    os_free(c->transforms);
    os_free(c->instance_of);
    os_free(c->status_file);
    os_free(c->wrong_at);
}
