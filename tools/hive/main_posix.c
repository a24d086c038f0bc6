#include <stdio.h>
#include <stdlib.h>

#include "hivetool.h"
#include "utf16.h"

const struct command *const more_command;

int main(int argc, char **argv)
{
    char16_t **wide = calloc((size_t)argc + 1, sizeof(*wide));
    int code;

    for (int i = 1; wide && i < argc; i++) {
        wide[i - 1] = u16_dup_utf8(argv[i]);
        if (!wide[i - 1])
            return EXIT_FAILED;
    }
    if (!wide)
        return EXIT_FAILED;
    code = hive_main(argc - 1, wide);
    if (fflush(stdout))
        code = EXIT_FAILED;
    for (int i = 0; i + 1 < argc; i++)
        free(wide[i]);
    free(wide);
    return code;
}
