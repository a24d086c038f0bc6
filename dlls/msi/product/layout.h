/*
 * Where Windows Installer's keys are, by context.
 *
 *   advertised   of the machine       HKLM\Software\Classes\Installer
 *                of a user            HKCU\Software\Microsoft\Installer (another's below HKU\SID)
 *                managed for a user   HKLM\Software\Microsoft\Windows\CurrentVersion\Installer\
 *                                     Managed\SID\Installer
 *     has Products, Features, Components (qualified ones), Patches, UpgradeCodes
 *   installed    HKLM\Software\Microsoft\Windows\CurrentVersion\Installer\UserData\SID, the machine
 *                being S-1-5-18; managed products are the user's here
 *     has Products\code\{InstallProperties, Features, Usage, Patches}, Components, Patches
 */
#ifndef MSI_LAYOUT_H
#define MSI_LAYOUT_H

#include "guid.h"
#include "reg.h"

enum { LAYOUT_PATH = 500, LAYOUT_SID = 192 };

/* MSIINSTALLCONTEXT_* */
enum layout_context { CONTEXT_MANAGED = 1, CONTEXT_USER = 2, CONTEXT_MACHINE = 4, CONTEXT_ANY = 7 };

#define LAYOUT_MACHINE_SID u"S-1-5-18"
#define LAYOUT_EVERYONE    u"S-1-1-0"

struct layout_path {
    enum reg_root root;
    char16_t path[LAYOUT_PATH];
};

/* "Products\<packed>\below" and the like: pieces may be NULL; guid is packed on the way. sid NULL
 * is the caller. What does not fit is cut, and then is found nowhere. */
void layout_advertised(struct layout_path *p, u32 context, const char16_t *sid,
                       const char16_t *what, const char16_t *guid, const char16_t *below);
void layout_installed(struct layout_path *p, u32 context, const char16_t *sid, const char16_t *what,
                      const char16_t *guid, const char16_t *below);

/* Before the first of these keys is looked for in this process: puts right what the registry has
 * forgotten. NULL: nothing does. */
void layout_prepare_by(void (*prepare)(void));

u32 layout_open(const struct layout_path *p, struct reg_key **key);
bool layout_has(const struct layout_path *p);

#endif
