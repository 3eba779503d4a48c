package io.thirdsession.webhook;

import java.util.List;

/**
 * Who is told of events.
 *
 * @param webhooks each with its secrets
 * @param loopback whether they may be on this machine
 */
public record WebhookSettings(List<Webhook> webhooks, boolean loopback) {}
