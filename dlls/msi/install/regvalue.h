/*
 * The Value column of the Registry table: a formatted text to a registry value.
 *
 *   #x1A2B   REG_BINARY           #%text   REG_EXPAND_SZ
 *   #-12     REG_DWORD            ##text   REG_SZ "#text"
 *   a[~]b    REG_MULTI_SZ; with [~] at one end alone it joins the value that is there
 *   else     REG_SZ
 */
#ifndef MSI_REGVALUE_H
#define MSI_REGVALUE_H

#include "buf.h"
#include "reglist.h"

struct reg_value {
    u32 type;
    u32 how; /* LIST_APPEND, LIST_PREPEND, or 0: the value is replaced */
    struct buf bytes;
    const char16_t *items; /* of a list, without the zeros at its ends; points into the text */
    size_t items_len;
};

/* text: after formatting, which makes zeros of [~]. bytes is the caller's to free, failed or not.
 * ERROR_OUTOFMEMORY. */
u32 reg_value_of(const char16_t *text, size_t len, struct reg_value *out);

#endif
