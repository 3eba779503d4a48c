/** Users, their identities at WeChat, and the sealed session_keys of each identity. */
@NullMarked
package io.thirdsession.user;

import org.jspecify.annotations.NullMarked;
