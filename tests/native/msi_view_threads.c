/*
 * Views of one database, and of several, under threads.
 */
#include "test.h"

#include <pthread.h>

#include "database.h"
#include "errorrec.h"
#include "os.h"
#include "record.h"
#include "suminfo.h"
#include "utf16.h"
#include "view.h"

enum { THREADS = 6, ROWS = 150 };

static struct database *shared;
static atomic_uint failures;

static void must(u32 err)
{
    if (err)
        atomic_fetch_add(&failures, 1);
}

static struct view *open_view(struct database *db, const char16_t *query)
{
    struct view *v = NULL;

    must(view_open(db, query, u16_len(query), &v));
    return v;
}

static void run(struct database *db, const char16_t *query, struct record *params)
{
    struct view *v = open_view(db, query);

    if (!v)
        return;
    must(view_execute(v, params));
    obj_unref(view_object(v));
}

static u32 count(struct database *db, const char16_t *query, struct record *params)
{
    struct view *v = open_view(db, query);
    struct record *row;
    u32 n = 0;

    if (!v)
        return 0;
    must(view_execute(v, params));
    while (!view_fetch(v, &row)) {
        obj_unref(rec_object(row));
        n++;
    }
    obj_unref(view_object(v));
    return n;
}

/* Each thread adds its own rows, looks them up, changes and counts them. */
static void *worker(void *arg)
{
    i32 me = (i32)(size_t)arg;
    struct record *params = rec_create(3), *key = rec_create(1);

    for (i32 i = 0; i < ROWS; i++) {
        rec_set_int(params, 1, me * 1000 + i);
        rec_set_int(params, 2, me);
        rec_set_text(params, 3, u"a text that all have", 20);
        run(shared, u"INSERT INTO `T` (`A`, `M`, `B`) VALUES (?, ?, ?)", params);
    }
    rec_set_int(key, 1, me);
    if (count(shared, u"SELECT `A` FROM `T` WHERE `M` = ?", key) != ROWS)
        atomic_fetch_add(&failures, 1);
    run(shared, u"UPDATE `T` SET `B` = 'changed' WHERE `M` = ?", key);
    if (count(shared, u"SELECT `A` FROM `T` WHERE `M` = ? AND `B` = 'changed'", key) != ROWS)
        atomic_fetch_add(&failures, 1);
    err_clear();
    obj_unref(rec_object(params));
    obj_unref(rec_object(key));
    return NULL;
}

static void in_threads(void *(*body)(void *), u32 n)
{
    pthread_t t[THREADS];

    for (size_t i = 0; i < n; i++)
        pthread_create(&t[i], NULL, body, (void *)i);
    for (size_t i = 0; i < n; i++)
        pthread_join(t[i], NULL);
}

static const char16_t create_t[] =
    u"CREATE TABLE `T` (`A` LONG NOT NULL, `M` SHORT, `B` CHAR(40) PRIMARY KEY `A`)";

static void threads_change_one_table(void)
{
    atomic_store(&failures, 0);
    must(db_open_memory(&shared));
    run(shared, create_t, NULL);
    in_threads(worker, THREADS);
    ok(!failures, "%u failures\n", failures);
    ok(count(shared, u"SELECT * FROM `T`", NULL) == THREADS * ROWS, "rows\n");
    obj_unref(db_object(shared));
}

/* One view, fetched from by all: each row goes to one of them. */
static struct view *one;
static atomic_uint fetched;

static void *fetch_some(void *arg)
{
    struct record *row;

    UNUSED(arg);
    for (int i = 0; i < 100; i++) {
        if (!view_fetch(one, &row)) {
            atomic_fetch_add(&fetched, 1);
            obj_unref(rec_object(row));
        }
    }
    return NULL;
}

static void threads_fetch_from_one_view(void)
{
    struct record *params = rec_create(1);

    atomic_store(&failures, 0);
    atomic_store(&fetched, 0);
    must(db_open_memory(&shared));
    run(shared, create_t, NULL);
    for (i32 i = 0; i < 100 * THREADS; i++) {
        rec_set_int(params, 1, i);
        run(shared, u"INSERT INTO `T` (`A`) VALUES (?)", params);
    }
    one = open_view(shared, u"SELECT * FROM `T`");
    must(view_execute(one, NULL));
    in_threads(fetch_some, THREADS);
    ok(!failures, "%u failures\n", failures);
    ok(fetched == 100 * THREADS, "%u rows\n", fetched);
    obj_unref(view_object(one));
    obj_unref(db_object(shared));
    obj_unref(rec_object(params));
}

static void *own_database(void *arg)
{
    struct database *db = NULL;
    struct suminfo *sum = NULL;
    struct sum_value title = {.type = 30, .text = (char16_t *)u"title", .len = 5};

    UNUSED(arg);
    must(db_open_memory(&db));
    run(db, create_t, NULL);
    run(db, u"INSERT INTO `T` (`A`) VALUES (1)", NULL);
    must(suminfo_open(db, 5, &sum));
    must(suminfo_set(sum, 2, &title));
    must(suminfo_persist(sum));
    obj_unref(suminfo_object(sum));
    if (count(db, u"SELECT * FROM `T`", NULL) != 1)
        atomic_fetch_add(&failures, 1);
    obj_unref(db_object(db));
    return NULL;
}

static void threads_have_databases_of_their_own(void)
{
    atomic_store(&failures, 0);
    in_threads(own_database, THREADS);
    ok(!failures, "%u failures\n", failures);
}

START_TEST(msi_view_threads)
{
    RUN(threads_change_one_table);
    RUN(threads_fetch_from_one_view);
    RUN(threads_have_databases_of_their_own);
    err_clear();
}
