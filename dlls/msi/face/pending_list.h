/*
 * Ours, and not written yet: until then as in door_list.h.
 */
