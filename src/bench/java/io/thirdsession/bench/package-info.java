/**
 * How fast the server is, beside what the same machine can do at most: {@code mvn -Pbench verify}.
 */
@NullMarked
package io.thirdsession.bench;

import org.jspecify.annotations.NullMarked;
