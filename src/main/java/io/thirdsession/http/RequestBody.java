package io.thirdsession.http;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request, up to 65,536 bytes. */
public final class RequestBody {
  /** The most bytes in a body. */
  public static final int LONGEST = 65_536;

  private static final int LONGEST_DRAINED = 1_048_576 + LONGEST;

  /** Phones send whole photos: who does is to be told so, and not to see a broken connection. */
  private static final int LONGEST_PHOTO = 16 * 1_048_576;

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
    try {
      byte[] body = request.getInputStream().readNBytes(LONGEST + 1);
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
   * Returns the one file of a {@code multipart/form-data} body, as {@code wx.uploadFile} sends it.
   * What else the form holds is read past. The servlet must have the configuration of {@link
   * #limits}.
   *
   * @param longest the most bytes in the file
   * @throws ApiException if the body is of another type, too long, broken, or has not exactly one
   *     file
   */
  public static byte[] file(HttpServletRequest request, int longest) {
    if (!isOfType(request, "multipart/form-data")) {
      throw ApiException.of(
          ApiError.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be multipart/form-data");
    }
    if (request.getContentLengthLong() > longest + LONGEST) {
      finish(request, LONGEST_PHOTO);
      throw tooLarge();
    }
    try {
      List<Part> files =
          request.getParts().stream().filter(part -> part.getSubmittedFileName() != null).toList();
      if (files.size() != 1) {
        throw ApiException.invalid("file", "is not there exactly once");
      }
      if (files.get(0).getSize() > longest) {
        throw tooLarge();
      }
      try (InputStream in = files.get(0).getInputStream()) {
        return in.readAllBytes();
      }
    } catch (IllegalStateException e) {
      throw tooLarge(); // by the word of the API; what a container says otherwise is not told apart
    } catch (IOException | ServletException e) {
      throw ApiException.invalid("file", "cannot be read from the body");
    }
  }

  /**
   * Returns the limits of a body with a file. It is held in memory: files never touch the disk.
   *
   * @param longest the most bytes in the file; beside it there may be {@link #LONGEST} of other
   *     things
   */
  public static MultipartConfigElement limits(int longest) {
    int whole = longest + LONGEST;
    return new MultipartConfigElement("", whole, whole, whole);
  }

  /**
   * Reads past what is left of a body that nobody wants, as long as an upload may be, and returns
   * whether that was all. If not, the container closes the connection behind the answer, and who
   * sends the next request on it gets none: the answer has to say so.
   */
  static boolean finish(HttpServletRequest request) {
    return finish(request, LONGEST_DRAINED);
  }

  /** The same for a body that was too long: one that does not say how long it is may never end. */
  static boolean finishTooLong(HttpServletRequest request) {
    return request.getContentLengthLong() >= 0 && finish(request);
  }

  private static boolean finish(HttpServletRequest request, int longest) {
    if (request.getContentLengthLong() <= 0 && request.getHeader("Transfer-Encoding") == null) {
      return true; // there is none
    }
    try {
      ServletInputStream in = request.getInputStream();
      if (in.isFinished()) {
        return true;
      }
      if (request.getContentLengthLong() > longest) {
        return false;
      }
      in.skipNBytes(longest + 1L);
      return false;
    } catch (EOFException e) {
      return true;
    } catch (IOException | IllegalStateException e) {
      return false; // it broke off, or was in other hands
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
    return ApiException.of(ApiError.PAYLOAD_TOO_LARGE, "the body is too long");
  }
}
