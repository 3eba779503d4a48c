package io.thirdsession.profile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** The formats of pictures that phones upload, recognised by the first bytes of a file. */
enum PictureFormat {
  PNG,
  JPEG,
  /** Not accepted, like those below; recognised so that the error can name it. */
  WEBP,
  /** The format in which iPhones store photos; AVIF counts as this too. */
  HEIC,
  GIF,
  OTHER;

  private static final byte[] PNG_MAGIC = HexFormat.of().parseHex("89504e470d0a1a0a");
  private static final byte[] JPEG_MAGIC = HexFormat.of().parseHex("ffd8ff");
  private static final Set<String> HEIF_BRANDS =
      Set.of("heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis");

  /** Returns the format of this file. */
  static PictureFormat of(byte[] file) {
    if (has(file, 0, PNG_MAGIC)) {
      return PNG;
    }
    if (has(file, 0, JPEG_MAGIC)) {
      return JPEG;
    }
    if (has(file, 0, "RIFF") && has(file, 8, "WEBP")) {
      return WEBP;
    }
    if (has(file, 4, "ftyp") && HEIF_BRANDS.stream().anyMatch(brand -> has(file, 8, brand))) {
      return HEIC;
    }
    return has(file, 0, "GIF8") ? GIF : OTHER;
  }

  /** Returns the name of the format, as people write it. */
  String label() {
    return this == WEBP ? "WebP" : name();
  }

  /** Returns whether a picture of this format is accepted. */
  boolean isTaken() {
    return this == PNG || this == JPEG;
  }

  /** Returns a new JDK reader for this format. */
  ImageReader reader() {
    return ImageIO.getImageReadersByFormatName(name()).next();
  }

  private static boolean has(byte[] file, int at, String ascii) {
    return has(file, at, ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean has(byte[] file, int at, byte[] part) {
    return file.length > at + part.length
        && Arrays.equals(file, at, at + part.length, part, 0, part.length);
  }
}
