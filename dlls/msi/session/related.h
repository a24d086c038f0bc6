/*
 * FindRelatedProducts and MigrateFeatureStates: the products of the Upgrade table.
 */
#ifndef MSI_RELATED_H
#define MSI_RELATED_H

#include "session_impl.h"

/* Each property of the table's ActionProperty column gets the codes of the products that its rows
 * describe, with semicolons between them. Nothing where this product is installed. */
u32 related_find(struct session *s);
/* Features become what they are in those products of which a row says that they are taken over:
 * from local down to absent the first that one of them has. Nothing where this product is
 * installed, or was told what to select. */
u32 related_migrate(struct session *s);

#endif
