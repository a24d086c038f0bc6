#include "place.h"

#include "utf16.h"

enum sharing { SHARED, REDIRECTED };

struct node {
    u16 parent;  /* 0: a hive's root */
    u8 sharing;  /* enum sharing */
    u8 wow_root; /* its 32-bit side hangs below this key's Wow6432Node */
    const char16_t *name;
};

enum {
    SOFTWARE = PLACE_SOFTWARE,
    USER_CLASSES = PLACE_USER_CLASSES,
    CLASSES,
    MICROSOFT,
    CRYPTOGRAPHY,
    CALAIS,
    CTF,
    NOTEPAD,
    WINDOWS,
    WINDOWS_CV,
    CONTROL_PANEL,
    CURSORS,
    EXPLORER,
    TELEPHONY,
    NT,
    NT_CV,
    FIRST_LEAF
};

#define IN(parent, name)                   \
    {                                      \
        parent, REDIRECTED, SOFTWARE, name \
    }
#define SHARE(parent, name)            \
    {                                  \
        parent, SHARED, SOFTWARE, name \
    }
#define CLASS(parent, name)              \
    {                                    \
        parent, REDIRECTED, parent, name \
    }

static const struct node nodes[] = {
    {0, SHARED, 0, u""},
    [SOFTWARE] = {0, REDIRECTED, SOFTWARE, u""},
    [USER_CLASSES] = {0, SHARED, USER_CLASSES, u""},
    [CLASSES] = {SOFTWARE, SHARED, CLASSES, u"Classes"},
    [MICROSOFT] = IN(SOFTWARE, u"Microsoft"),
    [CRYPTOGRAPHY] = IN(MICROSOFT, u"Cryptography"),
    [CALAIS] = IN(CRYPTOGRAPHY, u"Calais"),
    [CTF] = IN(MICROSOFT, u"CTF"),
    [NOTEPAD] = IN(MICROSOFT, u"Notepad"),
    [WINDOWS] = IN(MICROSOFT, u"Windows"),
    [WINDOWS_CV] = IN(WINDOWS, u"CurrentVersion"),
    [CONTROL_PANEL] = IN(WINDOWS_CV, u"Control Panel"),
    [CURSORS] = IN(CONTROL_PANEL, u"Cursors"),
    [EXPLORER] = IN(WINDOWS_CV, u"Explorer"),
    [TELEPHONY] = IN(WINDOWS_CV, u"Telephony"),
    [NT] = IN(MICROSOFT, u"Windows NT"),
    [NT_CV] = IN(NT, u"CurrentVersion"),
    [FIRST_LEAF] = CLASS(CLASSES, u"CLSID"),
    CLASS(CLASSES, u"DirectShow"),
    CLASS(CLASSES, u"Interface"),
    CLASS(CLASSES, u"Media Type"),
    CLASS(CLASSES, u"MediaFoundation"),
    CLASS(USER_CLASSES, u"CLSID"),
    CLASS(USER_CLASSES, u"DirectShow"),
    CLASS(USER_CLASSES, u"Interface"),
    CLASS(USER_CLASSES, u"Media Type"),
    CLASS(USER_CLASSES, u"MediaFoundation"),
    SHARE(SOFTWARE, u"Clients"),
    SHARE(SOFTWARE, u"Policies"),
    SHARE(SOFTWARE, u"RegisteredApplications"),
    SHARE(MICROSOFT, u"COM3"),
    SHARE(MICROSOFT, u"DFS"),
    SHARE(MICROSOFT, u"Driver Signing"),
    SHARE(MICROSOFT, u"EnterpriseCertificates"),
    SHARE(MICROSOFT, u"EventSystem"),
    SHARE(MICROSOFT, u"MSMQ"),
    SHARE(MICROSOFT, u"Non-Driver Signing"),
    SHARE(MICROSOFT, u"OLE"),
    SHARE(MICROSOFT, u"RAS"),
    SHARE(MICROSOFT, u"RPC"),
    SHARE(MICROSOFT, u"SystemCertificates"),
    SHARE(MICROSOFT, u"TermServLicensing"),
    SHARE(MICROSOFT, u"TransactionServer"),
    SHARE(CRYPTOGRAPHY, u"Services"),
    SHARE(CALAIS, u"Current"),
    SHARE(CALAIS, u"Readers"),
    SHARE(CTF, u"SystemShared"),
    SHARE(CTF, u"TIP"),
    SHARE(NOTEPAD, u"DefaultFonts"),
    SHARE(WINDOWS_CV, u"App Paths"),
    SHARE(WINDOWS_CV, u"Group Policy"),
    SHARE(WINDOWS_CV, u"Policies"),
    SHARE(WINDOWS_CV, u"PreviewHandlers"),
    SHARE(WINDOWS_CV, u"Setup"),
    SHARE(CURSORS, u"Schemes"),
    SHARE(EXPLORER, u"AutoplayHandlers"),
    SHARE(EXPLORER, u"DriveIcons"),
    SHARE(EXPLORER, u"KindMap"),
    SHARE(TELEPHONY, u"Locations"),
    SHARE(NT_CV, u"Console"),
    SHARE(NT_CV, u"FontDpi"),
    SHARE(NT_CV, u"FontLink"),
    SHARE(NT_CV, u"FontMapper"),
    SHARE(NT_CV, u"Fonts"),
    SHARE(NT_CV, u"FontSubstitutes"),
    SHARE(NT_CV, u"Gre_Initialize"),
    SHARE(NT_CV, u"Image File Execution Options"),
    SHARE(NT_CV, u"Language Pack"),
    SHARE(NT_CV, u"NetworkCards"),
    SHARE(NT_CV, u"Perflib"),
    SHARE(NT_CV, u"Ports"),
    SHARE(NT_CV, u"Print"),
    SHARE(NT_CV, u"ProfileList"),
    SHARE(NT_CV, u"Time Zones"),
};

static const char16_t wow_name[] = u"Wow6432Node";

static bool named(const char16_t *name, u32 len, const char16_t *is)
{
    u32 n = (u32)u16_len(is);
    return n == len && u16_compare_fold(name, len, is, n) == 0;
}

/* Of each inner node, the lengths its children's names have: most names are none of theirs. */
static u32 lengths[FIRST_LEAF];

static u32 length_bit(u32 len)
{
    return 1u << (len < 31 ? len : 31);
}

void place_start(void)
{
    for (u32 i = CLASSES; i < ARRAY_LEN(nodes); i++)
        __atomic_fetch_or(&lengths[nodes[i].parent], length_bit((u32)u16_len(nodes[i].name)),
                          __ATOMIC_RELAXED);
}

static u32 find_child(u32 node, const char16_t *name, u32 len)
{
    if (node >= FIRST_LEAF ||
        !(__atomic_load_n(&lengths[node], __ATOMIC_RELAXED) & length_bit(len)))
        return 0;
    for (u32 i = CLASSES; i < ARRAY_LEN(nodes); i++)
        if (nodes[i].parent == node && named(name, len, nodes[i].name))
            return i;
    return 0;
}

u32 place_child(u32 place, const char16_t *name, u32 len)
{
    u32 node = place & PLACE_NODE;
    if (!node || place & PLACE_DEEP)
        return place;
    if (!(place & PLACE_32) && nodes[node].wow_root == node && named(name, len, wow_name))
        return node | PLACE_32;
    u32 child = find_child(node, name, len);
    if (child)
        return child | (place & PLACE_32);
    return nodes[node].sharing == REDIRECTED && !(place & PLACE_32) ? node | PLACE_DEEP
                                                                    : PLACE_NONE;
}

bool place_is_other_side(u32 place, const char16_t *name, u32 len)
{
    u32 node = place & PLACE_NODE;
    return place & PLACE_32 && nodes[node].wow_root == node && named(name, len, wow_name);
}

bool place_redirects(u32 place, u32 *want)
{
    u32 node = place & PLACE_NODE;
    if (!node)
        return false;
    *want = node | (nodes[node].sharing == REDIRECTED ? PLACE_32 : 0);
    return *want != place;
}

u32 place_path(u32 place, const char16_t *names[PLACE_PATH_MAX])
{
    u32 chain[PLACE_PATH_MAX], depth = 0, n = 0;
    u32 node = place & PLACE_NODE;
    for (u32 i = node; i && depth < PLACE_PATH_MAX; i = nodes[i].parent)
        chain[depth++] = i;
    while (depth && n < PLACE_PATH_MAX - 1) {
        u32 i = chain[--depth];
        if (nodes[i].parent)
            names[n++] = nodes[i].name;
        if (place & PLACE_32 && i == nodes[node].wow_root)
            names[n++] = wow_name;
    }
    return n;
}

bool place_reflected(const char16_t *path, u32 len)
{
    static const char16_t *const roots[] = {u"Classes", u"Microsoft\\COM3",
                                            u"Microsoft\\EventSystem", u"Microsoft\\OLE",
                                            u"Microsoft\\RPC"};
    for (u32 i = 0; i < ARRAY_LEN(roots); i++) {
        u32 n = (u32)u16_len(roots[i]);
        if (len >= n && (len == n || path[n] == u'\\') && named(path, n, roots[i]))
            return true;
    }
    return false;
}
