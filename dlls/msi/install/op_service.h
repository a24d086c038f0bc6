/*
 * Operations on services, for those who plan them.
 */
#ifndef MSI_OP_SERVICE_H
#define MSI_OP_SERVICE_H

#include "op.h"
#include "svc.h"

enum service_verb { SERVICE_PUT = 1, SERVICE_DELETE, SERVICE_START, SERVICE_STOP };

/* may_fail: a failure is no matter. What op points to must live until it is written. */
void op_service_put(struct op *op, const char16_t *name, const struct svc_config *c, bool may_fail);
/* args: a list, or NULL. */
void op_service_do(struct op *op, u32 verb, const char16_t *name, const char16_t *args, bool wait,
                   bool may_fail);

#endif
