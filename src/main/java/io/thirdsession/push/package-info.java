/**
 * WeChat's message push: what it tells about a mini program's users, and what the law wants done.
 */
@NullMarked
package io.thirdsession.push;

import org.jspecify.annotations.NullMarked;
