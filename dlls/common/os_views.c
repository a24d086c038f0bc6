/*
 * The list of os_views.h. Who adds and removes holds a lock; who looks from within a fault does
 * not.
 */
#include "os.h"
#include "os_views.h"

static struct os_mutex lock;
static struct os_view *all;

static struct os_view *free_one(void)
{
    struct os_view *v = all;

    while (v && v->base)
        v = v->next;
    if (v || !(v = os_calloc(1, sizeof(*v))))
        return v;
    v->next = all;
    __atomic_store_n(&all, v, __ATOMIC_RELEASE);
    return v;
}

bool os_views_add(const struct os_view *view)
{
    struct os_view *v;

    os_mutex_lock(&lock);
    v = free_one();
    if (v) {
        v->len = view->len;
        v->file = view->file;
        v->off = view->off;
        v->writable = view->writable;
        v->own = false;
        v->lost = view->lost;
        __atomic_store_n(&v->base, view->base, __ATOMIC_RELEASE);
        os_views_watch();
    }
    os_mutex_unlock(&lock);
    return v != NULL;
}

struct os_view *os_views_find(const void *at)
{
    struct os_view *v = __atomic_load_n(&all, __ATOMIC_ACQUIRE);

    for (; v; v = v->next) {
        const u8 *base = __atomic_load_n(&v->base, __ATOMIC_ACQUIRE);

        if (base && (uintptr_t)at - (uintptr_t)base < v->len)
            break;
    }
    return v;
}

bool os_views_remove(const void *base)
{
    struct os_view *v;
    bool own = false;

    os_mutex_lock(&lock);
    v = os_views_find(base);
    if (v) {
        own = v->own;
        __atomic_store_n(&v->base, NULL, __ATOMIC_RELEASE);
    }
    os_mutex_unlock(&lock);
    return own;
}
