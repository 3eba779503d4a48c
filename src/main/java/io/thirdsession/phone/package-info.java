/** Phone numbers: from the button's event to the user that they are bound to. */
@NullMarked
package io.thirdsession.phone;

import org.jspecify.annotations.NullMarked;
