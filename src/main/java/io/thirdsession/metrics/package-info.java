/** What is counted and measured, in the form that Prometheus reads. Knows nothing of ours. */
@NullMarked
package io.thirdsession.metrics;

import org.jspecify.annotations.NullMarked;
