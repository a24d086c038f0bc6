#include "home.h"

#include "os.h"
#include "utf16.h"

const char16_t home_separator = u'/';

u32 home_folder(char16_t buf[HOME_MAX])
{
    if (!os_env("DECANTER_HIVES", buf, HOME_MAX))
        u16_copy(buf, HOME_MAX, u"config");
    return ERROR_SUCCESS;
}
