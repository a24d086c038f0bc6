/*
 * What is said of actions: the ActionText table of the package, and for standard actions that it
 * does not have, the words of most packages.
 */
#ifndef MSI_ACTIONTEXTS_H
#define MSI_ACTIONTEXTS_H

#include "database.h"
#include "textbuf.h"

struct action_text {
    char16_t *description, *template; /* NULL: none */
    size_t description_len, template_len;
};

/* *t is the caller's to free, also after an error: ERROR_OUTOFMEMORY, those of reading. */
u32 action_text_of(struct database *db, const char16_t *action, size_t len, struct action_text *t);
void action_text_free(struct action_text *t);
/* Adds the template of the action's data, with its name before it for who shows that; nothing where
 * there is no template. */
void action_data_template(const char16_t *action, size_t len, const char16_t *template,
                          size_t template_len, struct text_buf *out);

#endif
