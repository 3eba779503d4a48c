/** Users, their identities at WeChat, and the sealed session_key that hangs on an identity. */
@NullMarked
package io.thirdsession.user;

import org.jspecify.annotations.NullMarked;
