/** What other systems are to hear of: written with the deed, then put in one order for all. */
@NullMarked
package io.thirdsession.event;

import org.jspecify.annotations.NullMarked;
