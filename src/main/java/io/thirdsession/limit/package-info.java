/** How often a client, a user or a stranger may call, counted on this node. */
@NullMarked
package io.thirdsession.limit;

import org.jspecify.annotations.NullMarked;
