/** Users and sessions as logins leave them, put into the database without logging in. */
@NullMarked
package io.thirdsession.bench.rows;

import org.jspecify.annotations.NullMarked;
