/**
 * A wx.login code comes in, a third session goes out: one exchange a code, one transaction a login.
 */
@NullMarked
package io.thirdsession.login;

import org.jspecify.annotations.NullMarked;
