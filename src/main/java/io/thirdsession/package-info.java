/**
 * Leaf types that every package may use: secrets, deadlines, timers, throttles, time-ordered ids.
 * They depend on no other package of the application.
 */
@NullMarked
package io.thirdsession;

import org.jspecify.annotations.NullMarked;
