/*
 * Timing for the benchmarks: a line "name<TAB>nanoseconds" for each measurement, the best of a few
 * rounds, so that what else the machine does counts least. tools/bench runs each program on our
 * DLLs and on Wine's and sets the lines side by side.
 */
#ifndef DECANTER_BENCH_H
#define DECANTER_BENCH_H

#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

static double bench_now(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER count;

    if (!frequency.QuadPart)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return (double)count.QuadPart * 1e9 / (double)frequency.QuadPart;
}

/* Where not 0: the size that is measured in place of the one in the line's name. */
static unsigned bench_instead;

static void bench_line(const char *name, unsigned size, double ns)
{
    printf("%s at %u\t%.1f", name, size, ns);
    if (bench_instead)
        printf("\t%u", bench_instead);
    printf("\n");
    fflush(stdout);
}

/* A failure ends the program: a figure of work that was not done would be worse than none. */
static void bench_must(unsigned err, const char *what)
{
    if (err) {
        printf("failed: %s: error %u\n", what, err);
        exit(1);
    }
}

/* The best of `rounds` timings of body(), in nanoseconds for one of `count` operations. */
#define BENCH(name, size, rounds, count, body)                                 \
    do {                                                                       \
        double bench_best = 0;                                                 \
        for (int bench_round = 0; bench_round < (rounds); bench_round++) {     \
            double bench_start = bench_now();                                  \
            body;                                                              \
            double bench_took = (bench_now() - bench_start) / (double)(count); \
            if (!bench_round || bench_took < bench_best)                       \
                bench_best = bench_took;                                       \
        }                                                                      \
        bench_line(name, (unsigned)(size), bench_best);                        \
    } while (0)

#endif
