package io.thirdsession.profile;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.util.exif.ExifFilterUtils;
import net.coobird.thumbnailator.util.exif.ExifUtils;
import net.coobird.thumbnailator.util.exif.Orientation;
import org.jspecify.annotations.Nullable;

/**
 * Makes avatars of what users upload: decoded, scaled, and written anew, so that nothing but the
 * picture is left of it: no place, no name, no second file hidden behind. Thread-safe.
 */
public final class Pictures {
  private static final int SIDE = 320;

  /** Larger ones are refused before a pixel is decoded. */
  private static final int LONGEST_SIDE = 4_096;

  private static final int MOST_PIXELS = 12_600_000;

  /** Decoding takes memory, so few are decoded at once; the others wait, but not for long. */
  private static final int AT_ONCE = 2;

  private static final int MOST_WAITING = 8;
  private static final long WAIT_MILLIS = 500;

  /** A picture that comes in layers has about ten; each costs a pass over all of it. */
  private static final int MOST_SCANS = 50;

  /** Ten layers of the largest picture, or fifty of a smaller one. */
  private static final long MOST_SCANNED_PIXELS = 10L * MOST_PIXELS;

  private static final float QUALITY = 0.85f;
  private static final byte START_OF_SCAN = (byte) 0xDA;

  private static final String JPEG = "jpeg";

  /** What files begin with, by the name of their format. */
  private static final Map<String, byte[]> MAGIC =
      Map.of(
          "png",
          HexFormat.of().parseHex("89504e470d0a1a0a"),
          JPEG,
          HexFormat.of().parseHex("ffd8ff"));

  private final Semaphore places = new Semaphore(AT_ONCE);

  /** Readies the JDK's decoders, so that they belong to no web application. */
  public Pictures() {
    Thread thread = Thread.currentThread();
    ClassLoader ours = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      ImageIO.scanForPlugins();
    } finally {
      thread.setContextClassLoader(ours);
    }
  }

  /**
   * Returns the picture as a JPEG of at most 320 by 320 pixels, upright.
   *
   * @throws ApiException {@code invalid_request} if it is no PNG or JPEG, damaged, or larger than
   *     4,096 pixels on a side or 12.6 million in all; {@code overloaded} if too many wait
   */
  byte[] avatar(byte[] file) {
    String format =
        MAGIC.entrySet().stream()
            .filter(magic -> startsWith(file, magic.getValue()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(() -> ApiException.invalid("file", "is no PNG or JPEG"));
    int scans = format.equals(JPEG) ? scans(file) : 1;
    if (scans > MOST_SCANS) {
      throw tooManyLayers();
    }
    takePlace();
    try {
      return scaled(file, format, scans);
    } catch (ApiException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the decoders throw all sorts of them
      throw ApiException.invalid(
          "file", "is a damaged " + format + ": " + e.getClass().getSimpleName());
    } finally {
      places.release();
    }
  }

  /** Few may wait, or uploads would take the container's threads from everybody else. */
  private void takePlace() {
    try {
      if (places.getQueueLength() < MOST_WAITING
          && places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw ApiException.of(ApiError.OVERLOADED, "too many pictures at once");
  }

  private static byte[] scaled(byte[] file, String format, int scans) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    ImageReader reader = readers.next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      // a PNG's texts are not asked for: unpacked they could be a thousand times as long
      reader.setInput(in, true, !format.equals(JPEG));
      int shorter = requireModest(reader.getWidth(0), reader.getHeight(0), scans);
      BufferedImage image = reader.read(0, everyOther(reader, shorter));
      return jpeg(format.equals(JPEG) ? upright(image, reader) : image);
    } finally {
      reader.dispose();
    }
  }

  /** Returns the shorter side. */
  private static int requireModest(int width, int height, int scans) {
    if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
      throw ApiException.invalid("file", "has too many pixels");
    }
    if ((long) scans * width * height > MOST_SCANNED_PIXELS) {
      throw tooManyLayers();
    }
    return Math.min(width, height);
  }

  private static ApiException tooManyLayers() {
    return ApiException.invalid("file", "has too many layers");
  }

  /** Leaves out rows and columns while twice as many are left as are needed. */
  private static ImageReadParam everyOther(ImageReader reader, int shorter) {
    int step = Math.max(1, shorter / (2 * SIDE));
    ImageReadParam param = reader.getDefaultReadParam();
    param.setSourceSubsampling(step, step, 0, 0);
    return param;
  }

  /** Turns it as the camera says that it was held. */
  private static BufferedImage upright(BufferedImage image, ImageReader reader) {
    try {
      @Nullable Orientation held = ExifUtils.getExifOrientation(reader, 0);
      return held == null ? image : ExifFilterUtils.getFilterForOrientation(held).apply(image);
    } catch (IOException e) {
      return image; // what stands beside a picture may be odd, the picture is good
    }
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    BufferedImage opaque =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = opaque.createGraphics();
    try {
      graphics.drawImage(image, 0, 0, Color.WHITE, null);
    } finally {
      graphics.dispose();
    }
    boolean tooLarge = opaque.getWidth() > SIDE || opaque.getHeight() > SIDE;
    return written(tooLarge ? Thumbnails.of(opaque).size(SIDE, SIDE).asBufferedImage() : opaque);
  }

  private static byte[] written(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(JPEG).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) { // never on the disk
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static int scans(byte[] jpeg) {
    int scans = 0;
    for (int i = 1; i < jpeg.length; i++) {
      if (jpeg[i] == START_OF_SCAN && jpeg[i - 1] == (byte) 0xFF) {
        scans++;
      }
    }
    return scans;
  }

  private static boolean startsWith(byte[] file, byte[] magic) {
    return file.length > magic.length
        && Arrays.equals(file, 0, magic.length, magic, 0, magic.length);
  }
}
