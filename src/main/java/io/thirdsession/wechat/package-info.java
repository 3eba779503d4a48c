/**
 * WeChat's protocol and nothing else: calls, responses, failures. Knows no HTTP server, no
 * database.
 */
@NullMarked
package io.thirdsession.wechat;

import org.jspecify.annotations.NullMarked;
