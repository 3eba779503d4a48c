package io.thirdsession.doctor;

import io.thirdsession.http.Forwarding;

/**
 * The request that asks, which shows how requests come here.
 *
 * @param contextPath what all paths of this server begin with; empty as it should be
 * @param virtualServer the container's name of where it is; Tomcat's is its engine and its host,
 *     such as {@code Catalina/localhost}
 * @param forwarding what the proxies on its way did
 */
record Asked(String contextPath, String virtualServer, Forwarding forwarding) {}
