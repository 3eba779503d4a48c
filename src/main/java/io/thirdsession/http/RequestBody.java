package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request, up to 65,536 bytes. It has arrived by the time a servlet asks. */
public final class RequestBody {
  /** The most bytes in a body. */
  public static final int MAX_LENGTH = 65_536;

  private static final int MEGABYTE = 1_048_576;

  private static final Set<String> UTF_8 = Set.of("utf-8", "utf8");

  private RequestBody() {}

  /**
   * Returns the bytes of the body, none if it is missing.
   *
   * @throws ApiException if there are more than {@link #MAX_LENGTH}, or no memory for them
   */
  public static byte[] read(HttpServletRequest request) {
    return read(request, MAX_LENGTH);
  }

  /**
   * Returns the same of a request that may have a longer one.
   *
   * @throws ApiException if there are more than {@code maxLength} bytes, or no memory for them
   */
  public static byte[] read(HttpServletRequest request, int maxLength) {
    return bytes(request, maxLength)
        .orElseThrow(
            () -> {
              String limit = grouped(maxLength);
              return ApiException.of(ApiError.PAYLOAD_TOO_LARGE, "the body is too long")
                  .saying(
                      "请求内容不能超过 " + limit + " 字节",
                      "The body must have at most " + limit + " bytes");
            });
  }

  /**
   * Returns the one file of a {@code multipart/form-data} body, as {@code wx.uploadFile} sends it.
   * What else the form holds is read past.
   *
   * @param maxLength the most bytes in the file
   * @throws ApiException if the body is of another type, too long, broken, or has not exactly one
   *     file
   */
  public static byte[] file(HttpServletRequest request, int maxLength) {
    HeaderValue type =
        type(request)
            .filter(its -> its.value().equalsIgnoreCase("multipart/form-data"))
            .orElseThrow(() -> notOfType("multipart/form-data", "", ""));
    byte[] body = bytes(request, maxLength + MAX_LENGTH).orElseThrow(() -> fileTooLarge(maxLength));
    List<byte[]> files = MultipartBody.files(body, type.parameters().getOrDefault("boundary", ""));
    if (files.size() != 1) {
      throw ApiException.invalid("file", "must be exactly one file")
          .saying("请上传一个文件", "Upload one file");
    }
    if (files.get(0).length > maxLength) {
      throw fileTooLarge(maxLength);
    }
    return files.get(0);
  }

  /**
   * Throws unless the body is of this media type, in UTF-8.
   *
   * @throws ApiException {@code unsupported_media_type}
   */
  public static void requireType(HttpServletRequest request, String mediaType) {
    if (!isOfType(request, mediaType)) {
      throw notOfType(mediaType, "（UTF-8）", " in UTF-8");
    }
  }

  /** Returns whether the body is of this media type, in UTF-8 as far as it says so. */
  public static boolean isOfType(HttpServletRequest request, String mediaType) {
    return type(request)
        .filter(its -> its.value().equalsIgnoreCase(mediaType))
        .map(its -> its.parameters().getOrDefault("charset", "utf-8"))
        .filter(charset -> UTF_8.contains(charset.toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  /** Returns the error for a body of another type; more is said behind it in both languages. */
  static ApiException notOfType(String mediaType, String moreChinese, String moreEnglish) {
    String english = "Content-Type must be " + mediaType + moreEnglish;
    return ApiException.of(ApiError.UNSUPPORTED_MEDIA_TYPE, english)
        .saying("Content-Type 必须是 " + mediaType + moreChinese, english);
  }

  private static Optional<HeaderValue> type(HttpServletRequest request) {
    @Nullable String sent = request.getContentType();
    return sent == null ? Optional.empty() : HeaderValue.parse(sent);
  }

  /** Returns the bytes; empty if there are more. */
  private static Optional<byte[]> bytes(HttpServletRequest request, int maxLength) {
    Optional<Body> body = Body.of(request);
    if (body.isEmpty()) {
      return Optional.of(new byte[0]);
    }
    if (body.get().isOverloaded()) {
      throw ApiException.of(ApiError.OVERLOADED, "no memory is left for the body");
    }
    return Optional.of(body.get())
        .filter(its -> !its.isTooLong())
        .map(Body::bytes)
        .filter(bytes -> bytes.length <= maxLength);
  }

  private static ApiException fileTooLarge(int maxLength) {
    String megabytes = maxLength / MEGABYTE + " MB";
    String bytes = grouped(maxLength);
    return ApiException.of(ApiError.PAYLOAD_TOO_LARGE, "the file is too long")
        .saying(
            "文件不能超过 " + megabytes + "（" + bytes + " 字节），请压缩后再上传",
            "The file must have at most "
                + megabytes
                + " ("
                + bytes
                + " bytes): compress it and upload it again");
  }

  private static String grouped(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
