/*
 * The small words every file speaks: fixed-width integers and a few macros.
 */
#ifndef DECANTER_BASE_H
#define DECANTER_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;

#define ARRAY_LEN(a)                  (sizeof(a) / sizeof((a)[0]))
#define STATIC_ASSERT(e)              _Static_assert(e, #e)
#define MIN(a, b)                     ((a) < (b) ? (a) : (b))
#define MAX(a, b)                     ((a) > (b) ? (a) : (b))
#define CONTAINER_OF(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))

/* v rounded up to a multiple of the power of two a. */
#define ALIGN_UP(v, a) (((v) + ((a)-1)) & ~((a)-1))

#define UNUSED(x) ((void)(x))

#endif
