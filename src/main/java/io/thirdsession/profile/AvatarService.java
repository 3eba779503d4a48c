package io.thirdsession.profile;

import io.thirdsession.Uuid7;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Purpose;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Stores the pictures of users, only the latest of each. A picture's URL contains a keyed hash of
 * user and picture, so it cannot be guessed, differs from user to user, and never shows another
 * picture. Thread-safe.
 */
public final class AvatarService {
  /** The path of a picture: a fixed prefix, then 16 bytes as 22 characters of base64url. */
  static final Pattern PATH = Pattern.compile("/avatars/([A-Za-z0-9_-]{22})");

  private static final String PREFIX = "/avatars/";
  private static final int ID_LENGTH = 16;
  private final Jdbc jdbc;
  private final KeyRing keys;
  private final EventOutbox events;
  private final Clock clock;

  /** Makes a service that derives the ids of pictures from these keys. */
  public AvatarService(Jdbc jdbc, KeyRing keys, EventOutbox events, Clock clock) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Stores this picture as the user's avatar and returns its path, relative to the server's base
   * URL.
   *
   * @param jpeg a JPEG that is fit to be shown to anybody
   * @param appId through which app
   * @throws ApiException {@code session_invalid} if the user no longer exists
   */
  public String put(UUID userId, byte[] jpeg, String appId) {
    byte[] id = id(userId, jpeg);
    String path = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    return jdbc.inTransaction(
        transaction -> {
          AvatarDao avatars = new AvatarDao(transaction);
          if (!avatars.setUrl(userId, path)) { // locks the user first, as every other change does
            throw ApiException.userErased();
          }
          avatars.put(userId, id, jpeg, clock.instant());
          events.add(transaction, EventType.PROFILE_CHANGED, userId, appId, "");
          return path;
        });
  }

  /**
   * Returns the JPEG at this path; empty if this is not the path of a picture, or the picture is no
   * longer stored.
   */
  public Optional<byte[]> find(String path) {
    if (!isPath(path)) {
      return Optional.empty();
    }
    return new AvatarDao(jdbc).find(Base64.getUrlDecoder().decode(path.substring(PREFIX.length())));
  }

  /** Returns the user's stored picture; empty if there is none. */
  public Optional<Avatar> ofUser(UUID userId) {
    return new AvatarDao(jdbc).ofUser(userId);
  }

  /** Deletes the user's picture inside this transaction, and returns how many there were. */
  public static int delete(Transaction transaction, UUID userId) {
    return new AvatarDao(transaction).delete(userId);
  }

  /**
   * Returns the path of a picture at the end of this URL, whatever the host: this server may have
   * had another name when the client stored the URL. Empty if the URL does not end with one.
   */
  public static Optional<String> pathIn(String url) {
    int begin = url.lastIndexOf(PREFIX);
    return Optional.of(begin < 0 ? "" : url.substring(begin)).filter(AvatarService::isPath);
  }

  /** Returns whether an avatar's URL is the path of a picture stored here. */
  public static boolean isPath(String url) {
    return PATH.matcher(url).matches();
  }

  /** Returns whether the avatar was a picture stored here and is no longer. */
  public static boolean isReplaced(Profile before, Profile after) {
    return isPath(before.avatarUrl()) && !after.avatarUrl().equals(before.avatarUrl());
  }

  private byte[] id(UUID userId, byte[] jpeg) {
    byte[] message =
        ByteBuffer.allocate(Uuid7.LENGTH + jpeg.length).put(Uuid7.bytes(userId)).put(jpeg).array();
    return Arrays.copyOf(keys.mac(Purpose.AVATAR_ID, message), ID_LENGTH);
  }
}
