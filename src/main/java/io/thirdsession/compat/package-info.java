/** Wire formats of older clients: a thin layer over the same services as the modern API. */
@NullMarked
package io.thirdsession.compat;

import org.jspecify.annotations.NullMarked;
