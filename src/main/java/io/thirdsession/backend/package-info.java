/**
 * Serves every other service of the company: who is calling, what is known about users, and the
 * access_token that all share.
 */
@NullMarked
package io.thirdsession.backend;

import org.jspecify.annotations.NullMarked;
