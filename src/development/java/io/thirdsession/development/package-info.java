/**
 * What {@code mvn jetty:run} starts around the server, and the WAR never has: a database, the
 * WeChat simulator, the secrets of one machine, and the page at {@code /}. {@link
 * io.thirdsession.development.DevelopmentStart} is where it begins.
 */
package io.thirdsession.development;
