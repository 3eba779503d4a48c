/**
 * Wiring: the one place that reads the environment and the clock, builds the object graph, and
 * registers servlets.
 */
@NullMarked
package io.thirdsession.app;

import org.jspecify.annotations.NullMarked;
