/** Tables, pictures and JSON. */
@NullMarked
package io.thirdsession.bench.report;

import org.jspecify.annotations.NullMarked;
