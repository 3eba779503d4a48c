/** Tells other systems' URLs what happened, as Standard Webhooks has it. */
@NullMarked
package io.thirdsession.webhook;

import org.jspecify.annotations.NullMarked;
