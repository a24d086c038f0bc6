/*
 * Restarts. Unlike Windows' installer this one restarts nothing unasked, for that ends all programs
 * of the prefix: only where REBOOT is Force, or somebody says yes to the question. Elsewhere the
 * code says that a restart is required (3010), or that the installation is suspended by ForceReboot
 * until then (1604).
 */
#include "restart.h"

#include <windows.h>

#include "install.h"
#include "log.h"
#include "notice.h"
#include "os.h"
#include "session_impl.h"
#include "trace.h"
#include "transaction.h"
#include "utf16.h"

enum { TEXT_NOW = 1702, TEXT_AT_END = 1703, NOTICE_USER = 0x03000000 };

/* The first character of a property, which is all that counts; 0 where it is not set. */
static char16_t first_of(struct session *s, const char *name)
{
    const struct property *p;
    char16_t c = 0;

    os_mutex_lock(&s->lock);
    p = prop_get(s, name);
    if (p && p->value_len)
        c = u16_upper(p->value[0]);
    os_mutex_unlock(&s->lock);
    return c;
}

static bool is_suspended(struct session *s)
{
    const struct install *in;
    bool is;

    os_mutex_lock(&s->lock);
    in = s->install;
    is = in && in->suspended;
    os_mutex_unlock(&s->lock);
    return is;
}

static bool needs_restart(struct session *s)
{
    const struct install *in;
    bool needs;

    os_mutex_lock(&s->lock);
    in = s->install;
    needs = s->reboot_at_end || s->reboot_now || (in && in->reboot);
    os_mutex_unlock(&s->lock);
    return needs || first_of(s, "REBOOT") == 'F';
}

static bool says_yes(struct session *s, i32 number)
{
    struct notice_field fields[3] = {{NULL, 0, false, 0}};
    struct text_buf name;
    int answer;

    tb_init(&name);
    session_get_property(s, u"ProductName", 11, &name);
    fields[1].is_number = true;
    fields[1].number = number;
    fields[2].text = name.s;
    fields[2].len = name.len;
    answer = notice_send(s, NOTICE_USER | MB_YESNO | MB_ICONQUESTION, fields, ARRAY_LEN(fields));
    tb_free(&name);
    return answer == IDYES;
}

static bool is_wanted(struct session *s, bool suspended)
{
    char16_t reboot = first_of(s, "REBOOT");
    bool asks = first_of(s, "UILevel") != '2' && first_of(s, "REBOOTPROMPT") != 'S';

    if (transaction_is_open())
        return false;
    if (!suspended && (reboot == 'S' || reboot == 'R'))
        return false;
    return asks ? says_yes(s, suspended ? TEXT_NOW : TEXT_AT_END) : reboot == 'F';
}

u32 restart_code(struct session *s, u32 err)
{
    bool suspended = err == ERROR_INSTALL_SUSPEND && is_suspended(s);

    if (!suspended && (err || !needs_restart(s)))
        return err;
    if (is_wanted(s, suspended))
        return ERROR_SUCCESS_REBOOT_INITIATED;
    return suspended ? err : ERROR_SUCCESS_REBOOT_REQUIRED;
}

u32 restart_now(struct session *s)
{
    if (ExitWindowsEx(EWX_REBOOT, SHTDN_REASON_MAJOR_APPLICATION | SHTDN_REASON_MINOR_INSTALLATION |
                                      SHTDN_REASON_FLAG_PLANNED))
        return ERROR_SUCCESS_REBOOT_INITIATED;
    TRACE(TRACE_MSI, "no restart: %u", (unsigned)GetLastError());
    return is_suspended(s) ? ERROR_INSTALL_SUSPEND : ERROR_SUCCESS_REBOOT_REQUIRED;
}
