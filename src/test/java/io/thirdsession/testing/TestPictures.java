package io.thirdsession.testing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/** Pictures to upload: one colour on the left, one on the right. */
public final class TestPictures {
  public static final Color LEFT = new Color(200, 30, 30);
  public static final Color RIGHT = new Color(30, 60, 200);

  private TestPictures() {}

  /** Returns a file of this format. */
  public static byte[] of(String format, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(LEFT);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(RIGHT);
    graphics.fillRect(width / 2, 0, width, height);
    graphics.dispose();
    return written(format, image);
  }

  /** Returns a PNG through which one sees. */
  public static byte[] transparent(int width, int height) {
    return written("png", new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB));
  }

  /** Returns a PNG that says it has so many pixels, and whose data are 1 MB of packed zeros. */
  public static byte[] bomb(int width, int height) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
      byte[] header =
          ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).array();
      writeChunk(png, "IHDR", header);
      writeChunk(png, "IDAT", Zeros.PACKED);
      writeChunk(png, "IEND", new byte[0]);
      return png.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the PNG with so many packed texts of so many zeros. */
  public static byte[] withPackedTexts(byte[] png, int count, int length) {
    try {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      text.write(new byte[] {'k', 0, 0});
      try (DeflaterOutputStream deflater = new DeflaterOutputStream(text)) {
        deflater.write(new byte[length]);
      }
      int behindHeader = 8 + 25;
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(png, 0, behindHeader);
      for (int i = 0; i < count; i++) {
        writeChunk(out, "zTXt", text.toByteArray());
      }
      out.write(png, behindHeader, png.length - behindHeader);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the JPEG as cameras write it: with EXIF in the place of JFIF. */
  public static byte[] withExif(byte[] jpeg, int orientation, String text) {
    int jfif = 4 + ((jpeg[4] & 0xFF) << 8 | (jpeg[5] & 0xFF));
    byte[] bare =
        ByteBuffer.allocate(jpeg.length - jfif + 2)
            .put(jpeg, 0, 2)
            .put(jpeg, jfif, jpeg.length - jfif)
            .array();
    return withExifBeforeJfif(bare, orientation, text);
  }

  /** Returns the JPEG with EXIF that says how the camera was held, and holds this text. */
  public static byte[] withExifBeforeJfif(byte[] jpeg, int orientation, String text) {
    byte[] body = tiff(orientation, text);
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + 10 + body.length);
    out.put(jpeg, 0, 2).put((byte) 0xFF).put((byte) 0xE1).putShort((short) (8 + body.length));
    out.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(body);
    out.put(jpeg, 2, jpeg.length - 2);
    return out.array();
  }

  private static byte[] tiff(int orientation, String text) {
    byte[] remark = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer tiff = ByteBuffer.allocate(26 + remark.length);
    tiff.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    tiff.putShort((short) 1);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0);
    tiff.putInt(0).put(remark);
    return tiff.array();
  }

  /** Returns the file with a text behind its end. */
  public static byte[] followedBy(byte[] file, String text) {
    byte[] tail = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(file.length + tail.length).put(file).put(tail).array();
  }

  private static void writeChunk(ByteArrayOutputStream png, String type, byte[] data)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    try (DataOutputStream out = new DataOutputStream(png)) {
      out.writeInt(data.length);
      out.write(name);
      out.write(data);
      out.writeInt((int) crc.getValue());
    }
  }

  /** A gigabyte of zeros in a megabyte; packed once, for that takes seconds. */
  private static final class Zeros {
    static final byte[] PACKED = pack();

    private static byte[] pack() {
      ByteArrayOutputStream zeros = new ByteArrayOutputStream();
      try (DeflaterOutputStream deflater = new DeflaterOutputStream(zeros)) {
        byte[] chunk = new byte[1 << 20];
        while (zeros.size() < 1_000_000) {
          deflater.write(chunk);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return zeros.toByteArray();
    }
  }

  private static byte[] written(String format, BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
