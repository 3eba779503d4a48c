/**
 * Leaf types that every package may use: secrets, deadlines, time-ordered ids. They know nothing of
 * each other's users.
 */
@NullMarked
package io.thirdsession;

import org.jspecify.annotations.NullMarked;
