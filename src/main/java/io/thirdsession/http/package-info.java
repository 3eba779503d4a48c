/**
 * HTTP for all features: the servlet base, request reading, and the one class that turns exceptions
 * into responses.
 */
@NullMarked
package io.thirdsession.http;

import org.jspecify.annotations.NullMarked;
