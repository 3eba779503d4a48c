/** What single steps cost, measured with JMH. */
@NullMarked
package io.thirdsession.bench.micro;

import org.jspecify.annotations.NullMarked;
