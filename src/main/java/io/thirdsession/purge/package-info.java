/** Deletes what nobody will ask for again. */
@NullMarked
package io.thirdsession.purge;

import org.jspecify.annotations.NullMarked;
