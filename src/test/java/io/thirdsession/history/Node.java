package io.thirdsession.history;

import io.thirdsession.testing.TestHttp;

/**
 * A node that clients ask, or a proxy in front of several.
 *
 * @param mayAskTwice whether it may pass a request on to another node although the first has begun,
 *     as nginx does with all but POST: what is refused then may have been done by the first
 */
record Node(String name, TestHttp http, boolean mayAskTwice) {}
