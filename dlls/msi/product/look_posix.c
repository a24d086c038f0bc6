/*
 * On the host paths of products mean nothing until somebody says what their drives are.
 */
#include "look.h"

#include "os.h"

bool look_exists(const char16_t *path)
{
    return os_exists(path);
}
