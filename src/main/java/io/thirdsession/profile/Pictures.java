package io.thirdsession.profile;

import static io.thirdsession.profile.PictureFormat.JPEG;
import static io.thirdsession.profile.PictureFormat.OTHER;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

/**
 * Makes avatars from uploaded pictures. Each is decoded, scaled and encoded again, so that nothing
 * but the picture remains: no location, no name, no second file hidden at the end. Thread-safe.
 */
public final class Pictures {
  private static final int SIDE = 320;

  /** Larger pictures are refused before any pixel is decoded. */
  private static final int MAX_SIDE = 4_096;

  private static final int MAX_PIXELS = 12_600_000;

  /**
   * How many pictures are decoded at once: decoding takes memory. The others wait, but not for
   * long.
   */
  private static final int AT_ONCE = 2;

  private static final int MAX_WAITING = 8;
  private static final long WAIT_MILLIS = 500;

  /** A progressive JPEG has about ten scans; each costs a pass over the whole picture. */
  private static final int MAX_SCANS = 50;

  /** Ten scans of the largest picture, or fifty of a smaller one. */
  private static final long MAX_SCANNED_PIXELS = 10L * MAX_PIXELS;

  private static final float QUALITY = 0.85f;
  private static final byte START_OF_SCAN = (byte) 0xDA;

  private final Semaphore places = new Semaphore(AT_ONCE);

  /**
   * Registers the JDK's decoders under the platform class loader, so that they do not belong to a
   * web application.
   */
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
   * @throws ApiException {@code invalid_request} if it is not a PNG or JPEG, is damaged, has too
   *     many scans, or is larger than 4,096 pixels on a side or 12.6 million in all; {@code
   *     overloaded} if too many pictures are waiting or this one has waited for too long
   */
  public byte[] avatar(byte[] file) {
    PictureFormat format = PictureFormat.of(file);
    if (!format.isTaken()) {
      throw notTaken(format);
    }
    int scans = format == JPEG ? scans(file) : 1;
    if (scans > MAX_SCANS) {
      throw tooManyLayers();
    }
    if (format == JPEG
        && !JpegSegments.isWhole(file)) { // the decoder would fill the rest with gray
      throw damaged("is a JPEG that breaks off");
    }
    takePlace();
    try {
      return scaled(file, format, scans);
    } catch (ApiException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the decoders throw many kinds
      throw damaged("is a damaged " + format + ": " + e.getClass().getSimpleName());
    } finally {
      places.release();
    }
  }

  /** Waits for a place. Only a few may wait, or uploads would tie up the container's threads. */
  private void takePlace() {
    try {
      if (places.getQueueLength() < MAX_WAITING
          && places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw ApiException.of(ApiError.OVERLOADED, "too many pictures at once");
  }

  private static byte[] scaled(byte[] file, PictureFormat format, int scans) throws IOException {
    ImageReader reader = format.reader();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      // metadata is ignored: a PNG's compressed texts can expand a thousandfold
      reader.setInput(in, true, true);
      int shorter = requireModest(reader.getWidth(0), reader.getHeight(0), scans);
      BufferedImage image = reader.read(0, everyOther(reader, shorter));
      return jpeg(upright(image, file, format));
    } finally {
      reader.dispose();
    }
  }

  /** Returns the length of the shorter side; throws if the picture is too large. */
  private static int requireModest(int width, int height, int scans) {
    if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
      throw ApiException.invalid("file", "has too many pixels")
          .saying(
              "图片尺寸过大：每边最多 4,096 像素，总共最多 1,260 万像素，请缩小后再上传",
              "The picture is too large: at most 4,096 pixels on a side and 12.6 million in all;"
                  + " shrink it and upload it again");
    }
    if ((long) scans * width * height > MAX_SCANNED_PIXELS) {
      throw tooManyLayers();
    }
    return Math.min(width, height);
  }

  private static ApiException tooManyLayers() {
    return ApiException.invalid("file", "has too many layers")
        .saying(
            "该 JPEG 图片的编码过于复杂，请截图或另存为普通 JPEG 后再上传",
            "The JPEG has too many layers: save it as a usual JPEG and upload that");
  }

  private static ApiException damaged(String diagnosis) {
    return ApiException.invalid("file", diagnosis)
        .saying("图片不完整或已损坏，请换一张图片", "The picture is incomplete or damaged: choose another");
  }

  private static ApiException notTaken(PictureFormat format) {
    boolean known = format != OTHER;
    return ApiException.invalid("file", "must be a PNG or JPEG, and is " + format)
        .saying(
            known
                ? "不支持 " + format.label() + " 图片，请改用 JPEG 或 PNG 图片（不超过 1 MB）"
                : "该文件不是图片，请选择 JPEG 或 PNG 图片（不超过 1 MB）",
            (known ? format.label() + " is not accepted" : "This is not a picture")
                + ": choose a JPEG or PNG of at most 1 MB");
  }

  /** Skips rows and columns as long as twice as many remain as are needed. */
  private static ImageReadParam everyOther(ImageReader reader, int shorter) {
    int step = Math.max(1, shorter / (2 * SIDE));
    ImageReadParam param = reader.getDefaultReadParam();
    param.setSourceSubsampling(step, step, 0, 0);
    return param;
  }

  /** Turns the picture upright, according to how the camera was held. */
  private static BufferedImage upright(BufferedImage image, byte[] file, PictureFormat format) {
    return format != JPEG
        ? image
        : ExifOrientation.of(file)
            .map(held -> ExifFilterUtils.getFilterForOrientation(held).apply(image))
            .orElse(image);
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
    return written(tooLarge ? shrunk(opaque) : opaque);
  }

  private static BufferedImage shrunk(BufferedImage image) throws IOException {
    if (Math.min(image.getWidth(), image.getHeight()) > 1) {
      return Thumbnails.of(image).size(SIDE, SIDE).asBufferedImage();
    }
    // one pixel wide or high: with nothing to average, Thumbnailator would make it black
    int width = Math.min(SIDE, image.getWidth());
    int height = Math.min(SIDE, image.getHeight());
    BufferedImage line = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = line.createGraphics();
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return line;
  }

  private static byte[] written(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) { // never on disk
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
}
