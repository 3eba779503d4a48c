package io.thirdsession.doctor;

import io.thirdsession.http.Forwarding;

/**
 * The request that asks, which shows how requests come here.
 *
 * @param contextPath what all paths of this server begin with; empty as it should be
 * @param forwarding what the proxies on its way did
 */
record Asked(String contextPath, Forwarding forwarding) {}
