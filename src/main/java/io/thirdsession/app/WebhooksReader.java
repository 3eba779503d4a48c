package io.thirdsession.app;

import static io.thirdsession.app.Setting.WEBHOOKS;
import static java.util.stream.Collectors.joining;

import io.thirdsession.Secret;
import io.thirdsession.event.EventType;
import io.thirdsession.webhook.Webhook;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads WEBHOOKS. */
final class WebhooksReader {
  private static final String SIGNING_SECRET = "whsec_";
  private static final int MIN_SIGNING_SECRET_LENGTH = 24;
  private static final int MAX_SIGNING_SECRET_LENGTH = 64;

  private final SettingValues values;
  private final SecretSettings secrets;

  WebhooksReader(SettingValues values, SecretSettings secrets) {
    this.values = values;
    this.secrets = secrets;
  }

  /**
   * Returns the webhooks of WEBHOOKS, {@code secret[|secret][:event+event]@url,…}; a secret is
   * {@code whsec_} and base64 of 24 to 64 bytes. The list may be empty.
   */
  List<Webhook> read() {
    List<Webhook> webhooks = new ArrayList<>();
    Set<URI> urls = new HashSet<>();
    for (String entry : values.text(WEBHOOKS).split("[,\\s]+", -1)) {
      int at = entry.indexOf('@');
      if (entry.isEmpty()) {
        continue;
      }
      Optional<URI> url = Optional.of(entry.substring(at + 1)).flatMap(WebhooksReader::webhookUrl);
      if (at < 0 || url.isEmpty()) {
        values.fault(
            WEBHOOKS
                + ": an entry must be of the form whsec_…[:event+event]@https://host[:port][/path],"
                + " without a user and a fragment");
        continue;
      }
      if (!urls.add(url.get())) {
        values.fault(WEBHOOKS + ": a URL at " + url.get().getHost() + " is there twice");
      }
      String[] before = entry.substring(0, at).split(":", 2);
      List<Secret> signing = signingSecrets(url.get().getHost(), before[0]);
      Set<EventType> types =
          before.length > 1 ? eventTypes(url.get().getHost(), before[1]) : Set.of();
      webhooks.add(new Webhook(url.get(), signing, types));
    }
    return List.copyOf(webhooks);
  }

  private static Optional<URI> webhookUrl(String text) {
    try {
      URI url = new URI(text);
      return Optional.of(url)
          .filter(its -> Set.of("http", "https").contains(String.valueOf(its.getScheme())))
          .filter(its -> its.getHost() != null && its.getRawUserInfo() == null)
          .filter(its -> its.getRawFragment() == null);
    } catch (URISyntaxException ignored) { // its message would quote the value
      return Optional.empty();
    }
  }

  private List<Secret> signingSecrets(String host, String list) {
    List<Secret> all = new ArrayList<>();
    for (String text : list.split("\\|", -1)) {
      Optional<Secret> secret = signingSecret(text);
      if (secret.isEmpty()) {
        values.fault(
            WEBHOOKS + ": the secret of " + host + " must be whsec_ and base64 of 24 to 64 bytes");
      } else {
        secrets.checkStrength(WEBHOOKS, host, secret.get(), text);
        all.add(secret.get());
      }
    }
    return List.copyOf(all);
  }

  private static Optional<Secret> signingSecret(String text) {
    if (!text.startsWith(SIGNING_SECRET)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text.substring(SIGNING_SECRET.length()));
      return Optional.of(Secret.of(bytes))
          .filter(secret -> secret.length() >= MIN_SIGNING_SECRET_LENGTH)
          .filter(secret -> secret.length() <= MAX_SIGNING_SECRET_LENGTH);
    } catch (IllegalArgumentException ignored) { // its message would quote a part of it
      return Optional.empty();
    }
  }

  private Set<EventType> eventTypes(String host, String names) {
    Set<EventType> types = EnumSet.noneOf(EventType.class);
    for (String name : names.split("\\+", -1)) {
      Optional<EventType> type = EventType.of(name);
      type.ifPresent(types::add);
      if (type.isEmpty()) {
        String known =
            Arrays.stream(EventType.values()).map(EventType::label).collect(joining(", "));
        values.fault(WEBHOOKS + ": an event of " + host + " must be one of " + known);
      }
    }
    return types;
  }
}
