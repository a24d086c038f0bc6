/*
 * Ours, and not written yet: until then as in door_list.h.
 */
DOOR(MsiCreateTransformSummaryInfoA, 20, 120)
DOOR(MsiCreateTransformSummaryInfoW, 20, 120)
DOOR(MsiDatabaseApplyTransformA, 12, 120)
DOOR(MsiDatabaseApplyTransformW, 12, 120)
DOOR(MsiDatabaseGenerateTransformA, 20, 120)
DOOR(MsiDatabaseGenerateTransformW, 20, 120)
