/*
 * Handles that are still open when the process ends, for the trace.
 */
#ifndef DECANTER_LEAKS_H
#define DECANTER_LEAKS_H

/* A line for each, with the key's name; nothing where the trace is off. */
void leaks_tell(void);

#endif
