/*
 * For the fuzz targets of 32 bits: few systems have libmspack in both widths, and none of the
 * targets opens a cabinet. One that came to it would be told that there is no memory.
 */
#include <mspack.h>
#include <stddef.h>

struct mscab_decompressor *mspack_create_cab_decompressor(struct mspack_system *system)
{
    (void)system;
    return NULL;
}

void mspack_destroy_cab_decompressor(struct mscab_decompressor *decompressor)
{
    (void)decompressor;
}
