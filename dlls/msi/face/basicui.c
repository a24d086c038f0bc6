/*
 * The window of the basic user interface.
 */
#include "basicui.h"

#include <windows.h>
#include <commctrl.h>

#include "os.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

enum { KIND_ACTION_START = 8, KIND_ACTION_DATA = 9, KIND_PROGRESS = 10 };
enum { ITEM_ACTION = 100, ITEM_DATA, ITEM_TIME, ITEM_BAR };
enum { CHARS = 256, STEPS = 1000, MESSAGE_CHANGED = WM_APP, MESSAGE_END, TIME_AFTER_MS = 2000 };

/* Under the lock but for what is said; the window's thread has it from basicui_begin to the end. */
static struct {
    struct os_mutex lock;
    HWND window;
    const struct session *owner; /* only compared */
    HANDLE thread, ready;
    bool can_cancel;
    volatile LONG cancelled, pending; /* pending: MESSAGE_CHANGED is on its way */
    char16_t title[CHARS], action[CHARS], data[CHARS];
    u64 total, done; /* ticks */
    u64 began;       /* in ms, of the total */
} ui;

/* --- the template -------------------------------------------------------------------------------
 */

/* Of a dialog and its items, aligned as CreateDialogIndirectParam wants them. */
struct template
{
    DWORD words[512];
    size_t at; /* in WORDs */
};

static void put(struct template *t, const void *bytes, size_t size)
{
    memcpy((WORD *)t->words + t->at, bytes, size);
    t->at += size / sizeof(WORD);
}

static void put_text(struct template *t, const WCHAR *text)
{
    put(t, text, (wcslen(text) + 1) * sizeof(*text));
}

static void put_word(struct template *t, WORD word)
{
    put(t, &word, sizeof(word));
}

static void put_item(struct template *t, const WCHAR *class, const WCHAR *text, WORD id,
                     DWORD style, const short place[4])
{
    const DLGITEMTEMPLATE item = {.style = style | WS_CHILD | WS_VISIBLE,
                                  .x = place[0],
                                  .y = place[1],
                                  .cx = place[2],
                                  .cy = place[3],
                                  .id = id};

    t->at += t->at & 1;
    put(t, &item, sizeof(item));
    put_text(t, class);
    put_text(t, text);
    put_word(t, 0);
}

enum { WIDE = 220, HIGH = 92, ROW = 10, MARGIN = 8, BUTTON_WIDE = 50, BUTTON_HIGH = 14 };

static void make_template(struct template *t, const WCHAR *title, bool bar, bool button)
{
    DLGTEMPLATE head = {.style = WS_POPUP | WS_CAPTION | WS_SYSMENU | WS_VISIBLE | DS_CENTER |
                                 DS_SETFONT | DS_NOFAILCREATE,
                        .cdit = (WORD)(3 + bar + button),
                        .cx = WIDE,
                        .cy = HIGH};
    const DWORD text = SS_LEFT | SS_NOPREFIX;

    t->at = 0;
    put(t, &head, sizeof(head));
    put_word(t, 0); /* no menu, and the class of dialogs */
    put_word(t, 0);
    put_text(t, title);
    put_word(t, 8);
    put_text(t, L"MS Shell Dlg");
    put_item(t, L"STATIC", L"", ITEM_ACTION, text,
             (const short[]){MARGIN, 8, WIDE - 2 * MARGIN, ROW});
    put_item(t, L"STATIC", L"", ITEM_DATA, text | SS_PATHELLIPSIS,
             (const short[]){MARGIN, 22, WIDE - 2 * MARGIN, ROW});
    put_item(t, L"STATIC", L"", ITEM_TIME, text,
             (const short[]){MARGIN, 52, WIDE - 2 * MARGIN, ROW});
    if (bar)
        put_item(t, PROGRESS_CLASSW, L"", ITEM_BAR, 0,
                 (const short[]){MARGIN, 36, WIDE - 2 * MARGIN, 12});
    if (button)
        put_item(t, L"BUTTON", L"Cancel", IDCANCEL, BS_DEFPUSHBUTTON | WS_TABSTOP,
                 (const short[]){(WIDE - BUTTON_WIDE) / 2, HIGH - BUTTON_HIGH - 8, BUTTON_WIDE,
                                 BUTTON_HIGH});
}

/* --- the window's thread ------------------------------------------------------------------------
 */

static void set_text(HWND window, int item, const char16_t *text)
{
    SetDlgItemTextW(window, item, (const WCHAR *)text);
}

/* How long it may take still, by what it took so far; nothing at the beginning. */
static void time_left(u64 total, u64 done, u64 began, char16_t text[CHARS])
{
    u64 now = GetTickCount64(), spent = now > began ? now - began : 0, seconds;
    WCHAR line[CHARS] = L"";

    if (done && done <= total && spent > TIME_AFTER_MS) {
        seconds = (u64)((double)spent * (double)(total - done) / (double)done / 1000);
        if (seconds < 60)
            swprintf(line, CHARS, L"Time remaining: %u sec", (unsigned)seconds);
        else
            swprintf(line, CHARS, L"Time remaining: %u min %u sec", (unsigned)(seconds / 60),
                     (unsigned)(seconds % 60));
    }
    u16_copy(text, CHARS, (const char16_t *)line);
}

static void refresh(HWND window)
{
    char16_t action[CHARS], data[CHARS], left[CHARS];
    u64 total, done, began;

    InterlockedExchange(&ui.pending, 0);
    os_mutex_lock(&ui.lock);
    u16_copy(action, CHARS, ui.action);
    u16_copy(data, CHARS, ui.data);
    total = ui.total;
    done = MIN(ui.done, ui.total);
    began = ui.began;
    os_mutex_unlock(&ui.lock);
    time_left(total, done, began, left);
    set_text(window, ITEM_ACTION, ui.cancelled ? u"Cancelling..." : action);
    set_text(window, ITEM_DATA, data);
    set_text(window, ITEM_TIME, left);
    if (total)
        SendDlgItemMessageW(window, ITEM_BAR, PBM_SETPOS,
                            (WPARAM)((double)done * STEPS / (double)total), 0);
}

static void cancel(HWND window)
{
    if (!ui.can_cancel)
        return;
    InterlockedExchange(&ui.cancelled, 1);
    EnableWindow(GetDlgItem(window, IDCANCEL), FALSE);
    refresh(window);
}

static INT_PTR CALLBACK proc(HWND window, UINT message, WPARAM w, LPARAM l)
{
    UNUSED(l);
    switch (message) {
    case WM_INITDIALOG:
        SendDlgItemMessageW(window, ITEM_BAR, PBM_SETRANGE32, 0, STEPS);
        return TRUE;
    case WM_COMMAND:
        if (LOWORD(w) == IDCANCEL) /* the window's own button too */
            cancel(window);
        return TRUE;
    case MESSAGE_CHANGED:
        refresh(window);
        return TRUE;
    case MESSAGE_END:
        DestroyWindow(window);
        return TRUE;
    case WM_DESTROY:
        PostQuitMessage(0);
        return TRUE;
    }
    return FALSE;
}

/* comctl32.dll is loaded for the bar alone. */
static bool have_bars(void)
{
    typedef BOOL(WINAPI * init_fn)(const INITCOMMONCONTROLSEX *);
    const INITCOMMONCONTROLSEX what = {sizeof(what), ICC_PROGRESS_CLASS};
    HMODULE dll = LoadLibraryW(L"comctl32.dll");
    init_fn init = dll ? (init_fn)(void *)GetProcAddress(dll, "InitCommonControlsEx") : NULL;

    return init && init(&what);
}

static DWORD WINAPI window_thread(void *arg)
{
    struct template t;
    HWND window;
    MSG m;

    UNUSED(arg);
    make_template(&t, (const WCHAR *)ui.title, have_bars(), ui.can_cancel);
    window = CreateDialogIndirectParamW(NULL, (const DLGTEMPLATE *)t.words, NULL, proc, 0);
    if (!window)
        TRACE(TRACE_MSI, "no window: %u", (unsigned)GetLastError());
    os_mutex_lock(&ui.lock);
    ui.window = window;
    os_mutex_unlock(&ui.lock);
    SetEvent(ui.ready);
    while (window && GetMessageW(&m, NULL, 0, 0) > 0)
        if (!IsDialogMessageW(window, &m)) {
            TranslateMessage(&m);
            DispatchMessageW(&m);
        }
    return 0;
}

/* --- for the installation -----------------------------------------------------------------------
 */

static bool is_set(struct session *s, const char *name, const char *value)
{
    const struct property *p;
    bool is;

    os_mutex_lock(&s->lock);
    p = prop_get(s, name);
    is = p && (!value || u16_is(p->value, p->value_len, value));
    os_mutex_unlock(&s->lock);
    return is;
}

static void keep_title(struct session *s)
{
    const struct property *p;

    os_mutex_lock(&s->lock);
    p = prop_get(s, "ProductName");
    u16_copy(ui.title, CHARS, p ? p->value : u"Windows Installer");
    os_mutex_unlock(&s->lock);
}

static void close_event(void)
{
    if (ui.ready)
        CloseHandle(ui.ready);
    ui.ready = NULL;
}

void basicui_begin(struct session *s)
{
    if (ui.thread || (!is_set(s, "UILevel", "3") && !is_set(s, "UILevel", "4")))
        return;
    keep_title(s);
    ui.can_cancel = !is_set(s, "MsiUIHideCancel", NULL);
    ui.cancelled = ui.pending = 0;
    ui.action[0] = ui.data[0] = 0;
    ui.total = ui.done = 0;
    ui.owner = s;
    ui.ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    ui.thread = ui.ready ? CreateThread(NULL, 0, window_thread, NULL, 0, NULL) : NULL;
    if (ui.thread)
        WaitForSingleObject(ui.ready, INFINITE);
    close_event();
}

void basicui_end(void)
{
    HWND window;

    if (!ui.thread)
        return;
    os_mutex_lock(&ui.lock);
    window = ui.window;
    ui.window = NULL;
    os_mutex_unlock(&ui.lock);
    if (window)
        PostMessageW(window, MESSAGE_END, 0, 0);
    WaitForSingleObject(ui.thread, INFINITE);
    CloseHandle(ui.thread);
    ui.thread = NULL;
}

/* The lock is held. Sessions of the installation's actions and of what it removes are within it. */
static bool is_within(const struct session *s)
{
    return !s || s == ui.owner || !session_asks(s);
}

bool basicui_hears(const struct session *s, u32 kind)
{
    bool hears;

    if (kind < KIND_ACTION_START || kind > KIND_PROGRESS)
        return false;
    os_mutex_lock(&ui.lock);
    hears = ui.window && is_within(s);
    os_mutex_unlock(&ui.lock);
    return hears;
}

static void take_progress(struct record *r)
{
    i32 what = rec_get_int(r, 1), ticks = rec_get_int(r, 2);

    if (ticks < 0) /* none */
        return;
    if (what == 0) {
        ui.total = (u64)ticks;
        ui.done = 0;
        ui.began = GetTickCount64();
    } else if (what == 2) {
        ui.done += (u64)ticks;
    } else if (what == 3) {
        ui.total += (u64)ticks;
    }
}

/* What is being done: the description, or else the action's name. */
static void take_action(struct record *r)
{
    struct rec_view v;

    ui.data[0] = 0;
    rec_lock(r);
    if (!rec_view(r, 2, &v) && v.len)
        u16_copy(ui.action, CHARS, v.text);
    rec_unlock(r);
}

int basicui_show(u32 kind, struct record *r, const char16_t *text)
{
    HWND window;

    os_mutex_lock(&ui.lock);
    window = ui.window;
    if (kind == KIND_PROGRESS)
        take_progress(r);
    else if (kind == KIND_ACTION_START)
        take_action(r);
    else
        u16_copy(ui.data, CHARS, text);
    os_mutex_unlock(&ui.lock);
    if (window && !InterlockedExchange(&ui.pending, 1))
        PostMessageW(window, MESSAGE_CHANGED, 0, 0);
    return window && ui.cancelled ? IDCANCEL : 0;
}
