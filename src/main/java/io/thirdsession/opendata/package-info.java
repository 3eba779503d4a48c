/**
 * Open data that WeChat hands to the phone encrypted: decrypted with the keys kept for the
 * session's identity, never trusted for who somebody is.
 */
@NullMarked
package io.thirdsession.opendata;

import org.jspecify.annotations.NullMarked;
