/** The doctor: looks at everything that a deployment rests on, and names the cure. */
@NullMarked
package io.thirdsession.doctor;

import org.jspecify.annotations.NullMarked;
