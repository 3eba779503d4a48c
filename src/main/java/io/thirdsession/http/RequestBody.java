package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request, up to 65,536 bytes. */
public final class RequestBody {
  /** The most bytes in a body. */
  public static final int LONGEST = 65_536;

  private static final Pattern UTF_8 =
      Pattern.compile(".*;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*(;.*)?");

  private RequestBody() {}

  /**
   * Returns the bytes of the body, none where there is no body.
   *
   * @throws ApiException if there are more than {@link #LONGEST}, not all of which are read then,
   *     or fewer than the client promised
   */
  public static byte[] read(HttpServletRequest request) {
    if (request.getContentLengthLong() > LONGEST) {
      throw tooLarge();
    }
    try (InputStream in = request.getInputStream()) {
      byte[] body = in.readNBytes(LONGEST + 1);
      if (body.length > LONGEST) {
        throw tooLarge();
      }
      return body;
    } catch (IOException e) {
      // the container would answer with a page of its own, on Tomcat with a stack trace
      throw ApiException.of(ApiError.INVALID_REQUEST, "the body broke off");
    }
  }

  /**
   * Reads past what is left of a body that nobody wants, as far as it is not too long. A container
   * closes the connection behind an answer that came before the body was read, and a client that
   * sends its next request on it gets none.
   */
  static void drain(HttpServletRequest request) {
    if (request.getContentLengthLong() > LONGEST) {
      return;
    }
    try (InputStream in = request.getInputStream()) {
      in.skipNBytes(LONGEST);
    } catch (IOException | IllegalStateException e) {
      // it ended, which is what was wanted; or broke off; or was read through the container
    }
  }

  /** Returns whether the body is of this media type, in UTF-8 as far as it says so. */
  public static boolean isOfType(HttpServletRequest request, String mediaType) {
    @Nullable String sent = request.getContentType();
    if (sent == null) {
      return false;
    }
    String lower = sent.toLowerCase(Locale.ROOT);
    int end = lower.indexOf(';');
    String type = end < 0 ? lower : lower.substring(0, end);
    return type.strip().equals(mediaType)
        && (!lower.contains("charset") || UTF_8.matcher(lower).matches());
  }

  private static ApiException tooLarge() {
    return ApiException.of(ApiError.PAYLOAD_TOO_LARGE, "body over " + LONGEST + " bytes");
  }
}
