/** The calls by which users see and change their own profile. */
@NullMarked
package io.thirdsession.profile;

import org.jspecify.annotations.NullMarked;
