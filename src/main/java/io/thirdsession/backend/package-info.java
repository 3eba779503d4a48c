/** What back ends may do with users, and the access_token that they share. */
@NullMarked
package io.thirdsession.backend;

import org.jspecify.annotations.NullMarked;
