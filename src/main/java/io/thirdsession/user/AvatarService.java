package io.thirdsession.user;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Purpose;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The pictures of users, only the latest of each. An address holds a keyed hash of user and
 * picture: it cannot be guessed, is another one for another user, and never shows another picture.
 * Thread-safe.
 */
public final class AvatarService {
  /** The path of a picture: 16 bytes in 22 characters of base64url behind a fixed beginning. */
  static final Pattern PATH = Pattern.compile("/avatars/([A-Za-z0-9_-]{22})");

  private static final String PREFIX = "/avatars/";
  private static final int ID_LENGTH = 16;
  private static final Duration CHANGE = Duration.ofSeconds(5);

  private final Jdbc jdbc;
  private final KeyRing keys;
  private final Clock clock;

  /** Makes ids with these keys. */
  public AvatarService(Jdbc jdbc, KeyRing keys, Clock clock) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Keeps this picture as the user's avatar and returns its path below the server's address.
   *
   * @param jpeg fit to be shown to anybody
   * @throws io.thirdsession.jdbc.StorageException.MissingParent if the user is gone
   */
  public String put(UUID userId, byte[] jpeg) {
    byte[] id = id(userId, jpeg);
    String path = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    return jdbc.inTransaction(
        Deadline.in(CHANGE),
        transaction -> {
          AvatarDao avatars = new AvatarDao(transaction);
          avatars.setUrl(userId, path); // locks the user first, as every other change does
          avatars.put(userId, id, jpeg, clock.instant().truncatedTo(ChronoUnit.MILLIS));
          return path;
        });
  }

  /** Returns the JPEG at this path; empty if it is none of ours, or no longer. */
  public Optional<byte[]> find(String path) {
    if (!isPath(path)) {
      return Optional.empty();
    }
    return new AvatarDao(jdbc).find(Base64.getUrlDecoder().decode(path.substring(PREFIX.length())));
  }

  /** Returns the picture that is kept of a user. */
  public Optional<KeptPicture> ofUser(UUID userId) {
    return new AvatarDao(jdbc).ofUser(userId);
  }

  /**
   * Returns the path of a picture that ends this URL, whosever server's it is: ours had another
   * name when a client kept the address.
   */
  static Optional<String> pathIn(String url) {
    int begin = url.lastIndexOf(PREFIX);
    return Optional.of(begin < 0 ? "" : url.substring(begin)).filter(AvatarService::isPath);
  }

  /** Returns whether an avatar's URL is the path of a picture here. */
  static boolean isPath(String url) {
    return PATH.matcher(url).matches();
  }

  /** Returns whether a picture here was the avatar and is no longer. */
  static boolean isReplaced(Profile before, Profile after) {
    return isPath(before.avatarUrl()) && !after.avatarUrl().equals(before.avatarUrl());
  }

  private byte[] id(UUID userId, byte[] jpeg) {
    byte[] message =
        ByteBuffer.allocate(Uuid7.LENGTH + jpeg.length).put(Uuid7.bytes(userId)).put(jpeg).array();
    return Arrays.copyOf(keys.mac(Purpose.AVATAR_ID, message), ID_LENGTH);
  }
}
