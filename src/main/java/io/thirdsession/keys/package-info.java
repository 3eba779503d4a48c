/**
 * Sealing, tags and fingerprints with keys derived from MASTER_KEYS. The package knows bytes and
 * purposes, not what they protect.
 */
@NullMarked
package io.thirdsession.keys;

import org.jspecify.annotations.NullMarked;
