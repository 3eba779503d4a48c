/** Answers every other service that asks who is calling. */
@NullMarked
package io.thirdsession.introspection;

import org.jspecify.annotations.NullMarked;
