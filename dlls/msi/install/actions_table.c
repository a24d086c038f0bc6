/*
 * The actions of the sequence tables that plan operations, in the order of the alphabet. One that
 * is not here is refused, so none is before it does its work.
 */
#include "act_files.h"
#include "install.h"

const struct install_action install_actions[] = {
    {"CreateFolders", create_folders},
    {"DuplicateFiles", duplicate_files},
    {"InstallFiles", install_files},
    {"MoveFiles", move_files},
    {"RemoveDuplicateFiles", remove_duplicate_files},
    {"RemoveFiles", remove_files},
    {"RemoveFolders", remove_folders},
    {NULL, NULL},
};
