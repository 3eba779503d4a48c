/** The processes that are measured, and what the operating system says of them. */
@NullMarked
package io.thirdsession.bench.machine;

import org.jspecify.annotations.NullMarked;
