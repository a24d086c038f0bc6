/*
 * The lines of an INI file in their order, and sections and keys by name, case not counting: of
 * several of a name the first is found, as Windows finds it.
 *
 * A package may have thousands of rows for one file, so no change goes through all of it. Blank
 * lines that follow each other are one line here.
 */
#ifndef MSI_INILINES_H
#define MSI_INILINES_H

#include "base.h"
#include "error.h"
#include "hash.h"
#include "textbuf.h"

enum { INI_NONE = 0xffffffffu };

struct ini_line;
struct ini_section;

/* Zeroed memory has no line. Lines and sections are numbers, which stay theirs. */
struct ini_lines {
    struct text_buf text; /* of the file, as it was read */
    struct ini_line *lines;
    struct ini_section *sections;
    u32 count, cap, section_count, section_cap;
    u32 first, last; /* INI_NONE: there is none */
    bool again; /* what was put in may make other lines than one: the text is to be read again */
    struct hash_map by_section, by_key;
};

/* Takes the text, which is empty then. ERROR_OUTOFMEMORY; ini_lines_free in any case. */
u32 ini_lines_read(struct ini_lines *l, struct text_buf *text);
void ini_lines_free(struct ini_lines *l);
/* Adds the whole text to out. */
void ini_lines_join(const struct ini_lines *l, struct text_buf *out);

/* INI_NONE: no such section, no such key in that section. */
u32 ini_lines_section(const struct ini_lines *l, const char16_t *name, size_t len);
u32 ini_lines_key(const struct ini_lines *l, u32 section, const char16_t *name, size_t len);
/* A line's text, without its end. */
const char16_t *ini_lines_text(const struct ini_lines *l, u32 line, size_t *len);

/* The text in the place of the line's; its end stays. The name in it is the old one. */
u32 ini_lines_set(struct ini_lines *l, u32 line, const char16_t *text, size_t len);
/* A line of a key behind the section's last one that is not blank. */
u32 ini_lines_add_key(struct ini_lines *l, u32 section, const char16_t *text, size_t len);
/* A section's header behind all that is there. */
u32 ini_lines_add_section(struct ini_lines *l, const char16_t *text, size_t len, u32 *section);
/* The key's line; with the last line of the section that is not blank goes the section. */
void ini_lines_remove(struct ini_lines *l, u32 line);

/* [*at, *end) without the blanks at its ends. */
void ini_trim(const char16_t *s, size_t *at, size_t *end);
/* Whether the text of a line makes it the header of a section. */
bool ini_is_header(const char16_t *s, size_t len);

#endif
