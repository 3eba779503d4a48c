/** Service clients: other services of the company, and what each may do. */
@NullMarked
package io.thirdsession.client;

import org.jspecify.annotations.NullMarked;
