/*
 * What custom actions come to: running one, the error messages of those that did not run or did not
 * succeed, and asynchronous ones, which are waited for where their sequence or script ends.
 */
#include "custom.h"

#include <stdatomic.h>

#include "install.h"
#include "log.h"
#include "notice.h"
#include "os.h"
#include "session_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

/* --- results ------------------------------------------------------------------------------------
 */

static bool is_ignored(const char16_t *name)
{
    char16_t list[2048];
    size_t i = 0, len = u16_len(name);

    if (!os_env("DECANTER_MSI_IGNORE", list, ARRAY_LEN(list)))
        return false;
    while (list[i]) {
        size_t n = 0;

        while (list[i + n] && list[i + n] != ';')
            n++;
        if (!u16_compare(list + i, n, name, len))
            return true;
        i += n + (list[i + n] == ';');
    }
    return false;
}

static struct notice_field of_text(const char16_t *text)
{
    return (struct notice_field){text, text ? u16_len(text) : 0, false, 0};
}

static struct notice_field of_number(i64 number)
{
    return (struct notice_field){NULL, 0, true, (i32)number};
}

/* 1720: a script; 1721: it cannot be started; 1722: it ended with an error; 1723: its DLL cannot be
 * run. What is passed over is information, as on Windows. */
static void tell_trouble(struct session *s, const struct custom_action *a,
                         const struct custom_trouble *t, u32 type)
{
    const char16_t *target = a->type & CUSTOM_HIDE_TARGET ? u"" : a->target;
    const char16_t *words = a->type & CUSTOM_HIDE_TARGET ? u"" : t->words;
    struct notice_field fields[9] = {of_text(NULL), of_number(t->error), of_text(a->name)};

    if (t->error == CUSTOM_SCRIPT_FAILED) {
        fields[3] = of_number(t->code);
        fields[4] = of_text(t->source);
        fields[5] = of_text(t->text);
        fields[6] = of_number(t->line);
        fields[7] = of_number(t->column);
        fields[8] = of_text(words);
    } else if (t->error == CUSTOM_DLL_NOT_RUN) {
        fields[3] = of_text(target);
        fields[4] = of_text(a->program);
    } else {
        fields[3] = of_text(a->program);
        fields[4] = of_text(target);
    }
    notice_send(s, type, fields, ARRAY_LEN(fields));
}

static void tell_result(const struct custom_action *a, u32 result)
{
    struct text_buf line;

    tb_init(&line);
    tb_ascii(&line, "CustomAction ");
    tb_add(&line, a->name, u16_len(a->name));
    tb_ascii(&line, " returned actual error code ");
    tb_number(&line, (i32)result);
    tb_ascii(&line, " (note this may not be 100% accurate if translation happened inside sandbox)");
    if (!line.failed)
        log_line(LOG_INFO, line.s, line.len);
    tb_free(&line);
}

static u32 meaning_of(u32 result)
{
    switch (result) {
    case ERROR_SUCCESS:
    case ERROR_FUNCTION_NOT_CALLED: /* it says that it had nothing to do */
        return ERROR_SUCCESS;
    case ERROR_NO_MORE_ITEMS:
    case ERROR_INSTALL_USEREXIT:
    case ERROR_INSTALL_SUSPEND:
        return result;
    }
    return ERROR_INSTALL_FAILURE;
}

/* What the result of an action is for its sequence or script. */
static u32 judge(struct session *s, const struct custom_action *a, u32 result,
                 struct custom_trouble *t)
{
    u32 err = meaning_of(result);
    bool passed;

    TRACE(TRACE_MSI, "custom action %s: %u, error %u", trace_text(a->name, -1), result, t->error);
    if (!t->error && (a->type & CUSTOM_KIND) == CUSTOM_EXE && result) {
        t->error = CUSTOM_PROGRAM_FAILED; /* whatever code a program ends with */
        err = ERROR_INSTALL_FAILURE;
    }
    if (result)
        tell_result(a, result);
    passed =
        a->type & CUSTOM_CONTINUE || (err && err != ERROR_NO_MORE_ITEMS && is_ignored(a->name));
    if (t->error)
        tell_trouble(s, a, t, passed ? NOTICE_INFO : NOTICE_ERROR);
    if (passed && err && !(a->type & CUSTOM_CONTINUE))
        log_tell("DECANTER_MSI_IGNORE names this action, its failure is passed over: ", a->name,
                 u16_len(a->name));
    return passed ? ERROR_SUCCESS : err;
}

static void trouble_free(struct custom_trouble *t)
{
    os_free(t->source);
    os_free(t->text);
    os_free(t->words);
}

/* --- asynchronous ones --------------------------------------------------------------------------
 */

/* The list has a reference, and its thread has one: a session that ends waits for nobody. */
struct custom_job {
    struct custom_job *next;
    atomic_uint refs;
    struct session *s; /* of an immediate one, with a reference */
    struct custom_action a;
    char16_t *texts[7], *temp;
    void *thread;
    u32 result;
    struct custom_trouble trouble;
};

static void job_drop(struct custom_job *j)
{
    if (atomic_fetch_sub_explicit(&j->refs, 1, memory_order_acq_rel) != 1)
        return;
    trouble_free(&j->trouble);
    for (size_t i = 0; i < ARRAY_LEN(j->texts); i++)
        os_free(j->texts[i]);
    os_free(j->temp);
    os_free(j);
}

static void job_run(void *job)
{
    struct custom_job *j = job;
    struct session *s = j->s;

    j->result = custom_how()->run(s, &j->a, &j->trouble);
    if (j->temp)
        os_remove(j->temp);
    j->s = NULL;
    if (s)
        obj_unref(session_object(s));
    job_drop(j);
}

/* The job's own copies of what the action names. */
static bool copy_texts(struct custom_job *j)
{
    const char16_t **const texts[] = {&j->a.name, &j->a.program, &j->a.target, &j->a.folder,
                                      &j->a.data, &j->a.product, &j->a.sid};

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!*texts[i])
            continue;
        j->texts[i] = u16_dup(*texts[i], u16_len(*texts[i]));
        if (!j->texts[i])
            return false;
        *texts[i] = j->texts[i];
    }
    return true;
}

static struct custom_job *job_make(struct session *s, const struct custom_action *a,
                                   char16_t **temp)
{
    struct custom_job *j = os_calloc(1, sizeof(*j));

    if (!j)
        return NULL;
    atomic_init(&j->refs, 1);
    j->a = *a;
    if (!copy_texts(j)) {
        job_drop(j);
        return NULL;
    }
    if (temp) {
        j->temp = *temp;
        *temp = NULL;
    }
    j->s = s;
    return j;
}

/* owner: whose list it goes into. */
static u32 start(struct session *owner, struct session *s, const struct custom_action *a,
                 char16_t **temp)
{
    struct custom_job *j = job_make(s, a, temp);
    struct install *in;

    if (!j)
        return ERROR_OUTOFMEMORY;
    atomic_store_explicit(&j->refs, 2, memory_order_relaxed);
    if (s)
        obj_ref(session_object(s));
    j->thread = custom_how()->start(job_run, j);
    if (!j->thread) {
        if (s)
            obj_unref(session_object(s));
        if (j->temp)
            os_remove(j->temp);
        atomic_store_explicit(&j->refs, 1, memory_order_relaxed);
        job_drop(j);
        return ERROR_NO_SYSTEM_RESOURCES;
    }
    os_mutex_lock(&owner->lock);
    in = owner->install;
    j->next = in->jobs;
    in->jobs = j;
    os_mutex_unlock(&owner->lock);
    return ERROR_SUCCESS;
}

/* The oldest job of that kind, out of the list. */
static struct custom_job *take(struct install *in, bool scripted)
{
    struct custom_job **at, **found = NULL, *j = NULL;

    os_mutex_lock(&in->s->lock);
    for (at = &in->jobs; *at; at = &(*at)->next)
        if (((*at)->a.mode != 0) == scripted)
            found = at;
    if (found) {
        j = *found;
        *found = j->next;
    }
    os_mutex_unlock(&in->s->lock);
    return j;
}

u32 custom_wait(struct install *in, bool scripted)
{
    u32 first = ERROR_SUCCESS, err;
    struct custom_job *j;

    while ((j = take(in, scripted))) {
        custom_how()->join(j->thread);
        err = judge(in->s, &j->a, j->result, &j->trouble);
        if (!first && err != ERROR_NO_MORE_ITEMS)
            first = err;
        job_drop(j);
    }
    return first;
}

void custom_abandon(struct install *in)
{
    struct custom_job *j;

    while ((j = in->jobs)) {
        in->jobs = j->next;
        custom_how()->leave(j->thread);
        job_drop(j);
    }
}

/* Scripts, and what undoes, are waited for at once; a program that is left alone is nobody's. */
static bool is_asynchronous(const struct custom_action *a)
{
    bool left_alone = (a->type & CUSTOM_KIND) == CUSTOM_EXE && a->type & CUSTOM_CONTINUE;

    return a->type & CUSTOM_ASYNC && !custom_is_script(a->type) && !left_alone &&
           (!a->mode || a->mode == CUSTOM_MODE_SCHEDULED);
}

/* --- running ------------------------------------------------------------------------------------
 */

u32 custom_run(struct session *s, const struct custom_action *a, char16_t **temp)
{
    struct session *heard = s ? s : custom_session();
    struct custom_trouble t = {0};
    u32 result, err;

    if (!custom_how())
        return ERROR_CALL_NOT_IMPLEMENTED;
    if (heard && is_asynchronous(a) && custom_how()->start)
        return start(heard, s, a, temp);
    result = custom_how()->run(s, a, &t);
    err = judge(heard, a, result, &t);
    tgt_forget();
    trouble_free(&t);
    if (!err && s && result == ERROR_FUNCTION_NOT_CALLED && !(a->type & CUSTOM_CONTINUE))
        err = result; /* its sequence goes on all the same */
    return err;
}
