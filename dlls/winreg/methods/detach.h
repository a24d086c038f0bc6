/*
 * The end of the process, for DllMain.
 */
#ifndef DECANTER_DETACH_H
#define DECANTER_DETACH_H

/* Writes out what is to be written, as far as nobody was inside the server. */
void server_detach(void);

#endif
