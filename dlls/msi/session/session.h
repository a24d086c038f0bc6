/*
 * Sessions: an opened package with its properties, the state of costing, features, components and
 * folders. What installs is not here: it stands above and makes itself known.
 *
 * A session's lock guards what it holds; its database has its own, which is taken inside.
 */
#ifndef MSI_SESSION_H
#define MSI_SESSION_H

#include "database.h"
#include "record.h"
#include "textbuf.h"

struct session;

static inline struct session *session_from(struct object *o)
{
    return (struct session *)o;
}
static inline struct object *session_object(struct session *s)
{
    return (struct object *)s;
}

/* How a session is opened. All texts may be NULL. */
struct session_options {
    const char16_t *command_line; /* its properties win over the package's (cmdline.h) */
    const char16_t *original;     /* where the package comes from, if db is a copy of it */
    const char16_t
        *transforms; /* of an installed product: TRANSFORMS, unless the command line has */
    /* Whose the package is, where that is an installed product: a patch may have given it another
     * code than the package has. NULL: the package's own. */
    const char16_t *product;
    bool restricted; /* MSIOPENPACKAGEFLAGS_IGNOREMACHINESTATE */
    bool as_it_is; /* with the patches that the product has: PATCH and MSIPATCHREMOVE are nothing */
    bool silent;   /* nobody is told of the opening until session_announce */
    bool kept;     /* a product's own copy, which a session on it may take away */
    bool asks;     /* a program opened it, and goes through its actions itself */
};
/* Takes a reference on db; options may be NULL. The package's checks come in this order: it has
 * summary information that can be read (ERROR_INSTALL_PACKAGE_INVALID), a platform of its template
 * is this one (ERROR_INSTALL_PLATFORM_UNSUPPORTED), its schema is known
 * (ERROR_INSTALL_PACKAGE_VERSION), one of its languages is there
 * (ERROR_INSTALL_LANGUAGE_UNSUPPORTED), it has a package code (ERROR_INSTALL_PACKAGE_INVALID). Then
 * ERROR_INVALID_COMMAND_LINE, ERROR_INSTALL_TRANSFORM_FAILURE; of patches
 * ERROR_PATCH_PACKAGE_OPEN_FAILED, _INVALID, ERROR_PATCH_TARGET_NOT_FOUND, ERROR_PATCH_NO_SEQUENCE,
 * and where they are to be removed ERROR_UNKNOWN_PATCH, ERROR_PATCH_REMOVAL_UNSUPPORTED,
 * ERROR_PATCH_REMOVAL_DISALLOWED; ERROR_OUTOFMEMORY. */
u32 session_open(struct database *db, const struct session_options *options, struct session **out);
/* The messages of its opening, of one that was opened silently. */
void session_announce(struct session *s);
/* A session on an empty database of its own, where no package is named: nothing is checked. */
u32 session_open_empty(struct session **out);
/* What a custom action of a script is given: a session on nothing, that knows these properties
 * alone. mode: MSIRUNMODE_SCHEDULED, _ROLLBACK or _COMMIT. Texts may be NULL. */
struct script_session {
    u32 mode;
    const char16_t *data, *product, *sid; /* CustomActionData, ProductCode, UserSID */
    u32 language;
};
u32 session_open_script(const struct script_session *how, struct session **out);
bool session_is_script(const struct session *s); /* whether it is such a one */
/* The level of the user interface that sessions opened from now on have in UILevel: 2 to 5 in the
 * low three bits; INSTALLUILEVEL's other bits have properties of their own. */
void session_ui_level(u32 level);
bool session_asks(const struct session *s);           /* a program opened it */
struct database *session_database(struct session *s); /* with a reference for the caller */
u32 session_language(struct session *s);

/* --- properties ---------------------------------------------------------------------------------
 */

/* value NULL or empty: the property goes. ERROR_FUNCTION_FAILED for an empty name with a value, be
 * it an empty one; ERROR_OUTOFMEMORY. */
u32 session_set_property(struct session *s, const char16_t *name, size_t name_len,
                         const char16_t *value, size_t len);
/* Adds the value to *out; nothing where there is none. */
u32 session_get_property(struct session *s, const char16_t *name, size_t len, struct text_buf *out);
/* The value in the package's Property table. */
u32 session_product_property(struct session *s, const char16_t *name, size_t len,
                             struct text_buf *out);
u32 session_format(struct session *s, struct record *r, struct text_buf *out);
/* MSICONDITION. */
int session_condition(struct session *s, const char16_t *text, size_t len);
/* Of an MSIRUNMODE. ERROR_ACCESS_DENIED for one that cannot be set. */
bool session_mode(struct session *s, u32 mode);
u32 session_set_mode(struct session *s, u32 mode, bool on);

/* --- actions ------------------------------------------------------------------------------------
 */

/* ERROR_FUNCTION_NOT_CALLED for an action there is not, ERROR_CALL_NOT_IMPLEMENTED for one that
 * only an installer can do. */
u32 session_do_action(struct session *s, const char16_t *action, size_t len);
/* Whether the name is a standard action's that only an installer can do; and one that is done here.
 */
bool session_is_installers(const char16_t *action, size_t len);
bool session_is_standard(const char16_t *action, size_t len);
/* The actions of a sequence table in their order, where their conditions are true. */
u32 session_sequence(struct session *s, const char16_t *table, size_t len);

/* What does the actions that only an installer can do, and the custom actions that do more than set
 * something. */
struct session_installer {
    /* No lock is held. ERROR_CALL_NOT_IMPLEMENTED for what it has not. */
    u32 (*act)(struct session *s, const char16_t *action, size_t len);
    /* The session ends, and with it what `install` of session_impl.h points to. */
    void (*end)(void *install);
};
/* Once, before any session is opened. Without it all these actions answer
 * ERROR_CALL_NOT_IMPLEMENTED. */
void session_installed_by(const struct session_installer *by);

/* --- after costing: folders, features, components -----------------------------------------------
 */

/* ERROR_DIRECTORY for a folder that there is not, or before CostInitialize. A target set before
 * CostFinalize moves the folders below when that comes. */
u32 session_target_path(struct session *s, const char16_t *folder, size_t len,
                        struct text_buf *out);
u32 session_source_path(struct session *s, const char16_t *folder, size_t len,
                        struct text_buf *out);
u32 session_set_target_path(struct session *s, const char16_t *folder, size_t len,
                            const char16_t *path, size_t path_len);

/* INSTALLSTATE's values. ERROR_UNKNOWN_FEATURE, ERROR_UNKNOWN_COMPONENT. */
u32 session_feature_state(struct session *s, const char16_t *feature, size_t len, int *installed,
                          int *action);
u32 session_set_feature_state(struct session *s, const char16_t *feature, size_t len, int state);
u32 session_component_state(struct session *s, const char16_t *component, size_t len,
                            int *installed, int *action);
u32 session_set_component_state(struct session *s, const char16_t *component, size_t len,
                                int state);
u32 session_feature_cost(struct session *s, const char16_t *feature, size_t len, int tree,
                         int state, i32 *cost);
u32 session_feature_valid_states(struct session *s, const char16_t *feature, size_t len,
                                 u32 *states);
/* The drive ("C:") and size, in units of 512 bytes, of what the component installs; with no name of
 * what belongs to none. ERROR_INVALID_HANDLE_STATE before CostInitialize, ERROR_FUNCTION_NOT_CALLED
 * before InstallValidate, ERROR_UNKNOWN_COMPONENT. */
u32 session_component_cost(struct session *s, const char16_t *component, size_t len,
                           struct text_buf *drive, i32 *cost);
/* Whether the drives have room for what is to be installed. ERROR_DISK_FULL,
 * ERROR_INVALID_HANDLE_STATE before costing. */
u32 session_verify_space(struct session *s);
struct feature_info {
    u32 attributes; /* INSTALLFEATUREATTRIBUTE bits */
    struct text_buf title, description;
};
u32 session_feature_info(struct session *s, const char16_t *feature, size_t len,
                         struct feature_info *info);
/* ERROR_FUNCTION_FAILED but between CostInitialize and CostFinalize (MsiSetFeatureAttributes,
 * Remarks), ERROR_UNKNOWN_FEATURE. */
u32 session_set_feature_attributes(struct session *s, const char16_t *feature, size_t len,
                                   u32 attributes);
/* 1 to 32767; 0 and less: the level stays, and what it selects is selected again.
 * ERROR_INVALID_PARAMETER for more. */
u32 session_set_install_level(struct session *s, i32 level);

#endif
