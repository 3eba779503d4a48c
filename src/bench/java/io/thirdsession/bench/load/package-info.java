/** Sends requests and stands in for WeChat, with one thread each and little else. */
@NullMarked
package io.thirdsession.bench.load;

import org.jspecify.annotations.NullMarked;
