/** Third sessions: the token, what is stored of it, how long it lives, and who is calling. */
@NullMarked
package io.thirdsession.session;

import org.jspecify.annotations.NullMarked;
