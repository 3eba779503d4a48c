/** Strict JSON: reading what others sent, writing what we say. Knows no business and no HTTP. */
@NullMarked
package io.thirdsession.json;

import org.jspecify.annotations.NullMarked;
