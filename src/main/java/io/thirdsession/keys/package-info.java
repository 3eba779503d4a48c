/**
 * What is derived from MASTER_KEYS: sealing, tags and fingerprints. Knows bytes and purposes, not
 * what they protect.
 */
@NullMarked
package io.thirdsession.keys;

import org.jspecify.annotations.NullMarked;
