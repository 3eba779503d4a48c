/** The audit trail: one row and one line in the log for each thing that an operator must know. */
@NullMarked
package io.thirdsession.audit;

import org.jspecify.annotations.NullMarked;
