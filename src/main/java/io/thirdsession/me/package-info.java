/**
 * What users do with their own account: see and change the profile, upload a picture, export their
 * data, erase themselves.
 */
@NullMarked
package io.thirdsession.me;

import org.jspecify.annotations.NullMarked;
