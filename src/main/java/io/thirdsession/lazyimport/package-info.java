/**
 * Lazy import: whoever logs in for the first time is looked up in the operator's own system, and
 * brought along from there.
 */
@NullMarked
package io.thirdsession.lazyimport;

import org.jspecify.annotations.NullMarked;
