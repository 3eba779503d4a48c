/**
 * The only code that opens connections: pools, transactions with one retry, the schema and its
 * state.
 */
@NullMarked
package io.thirdsession.jdbc;

import org.jspecify.annotations.NullMarked;
