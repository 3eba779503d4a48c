package io.thirdsession.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.testing.TestPictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {
  private final Pictures pictures = new Pictures();

  @ParameterizedTest
  @CsvSource({
    "png, 132, 132, 132, 132",
    "jpg, 132, 132, 132, 132",
    "png, 320, 320, 320, 320",
    "png, 321, 321, 320, 320",
    "jpg, 1080, 1080, 320, 320",
    "jpg, 2000, 1000, 320, 160",
    "png, 1, 1, 1, 1",
    "png, 4096, 2, 320, 1",
    "jpg, 4096, 3076, 320, 240",
  })
  void scalesToAtMost320By320(String format, int width, int height, int toWidth, int toHeight)
      throws IOException {
    BufferedImage avatar = read(pictures.avatar(TestPictures.of(format, width, height)));

    assertEquals(toWidth, avatar.getWidth());
    assertEquals(toHeight, avatar.getHeight());
  }

  @Test
  void showsThePictureThatItWas() throws IOException {
    BufferedImage avatar = read(pictures.avatar(TestPictures.of("png", 1000, 1000)));

    assertNear(TestPictures.LEFT, avatar.getRGB(40, 160));
    assertNear(TestPictures.RIGHT, avatar.getRGB(280, 160));
  }

  @Test
  void isAJpegWhateverCameIn() {
    byte[] avatar = pictures.avatar(TestPictures.of("png", 10, 10));

    assertArrayEquals(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}, Arrays.copyOf(avatar, 3));
  }

  @Test
  void leavesNothingOfWhatStoodBesideThePicture() {
    byte[] file = TestPictures.withExif(TestPictures.of("jpg", 100, 100), 1, "secret place");
    byte[] avatar = pictures.avatar(TestPictures.followedBy(file, "<script>alert(1)</script>"));

    String text = new String(avatar, StandardCharsets.ISO_8859_1);
    assertFalse(text.contains("secret place"));
    assertFalse(text.contains("Exif"));
    assertFalse(text.contains("script"));
  }

  @Test
  void turnsUprightWhatACameraHeldSideways() throws IOException {
    byte[] sideways = TestPictures.withExif(TestPictures.of("jpg", 200, 100), 6, "");

    BufferedImage avatar = read(pictures.avatar(sideways));

    assertEquals(100, avatar.getWidth());
    assertEquals(200, avatar.getHeight());
    assertNear(TestPictures.LEFT, avatar.getRGB(50, 20));
  }

  @Test
  void turnsUprightAlsoWhereExifStandsBeforeJfif() throws IOException {
    byte[] odd = TestPictures.withExifBeforeJfif(TestPictures.of("jpg", 200, 100), 6, "");

    BufferedImage avatar = read(pictures.avatar(odd));

    assertEquals(100, avatar.getWidth());
    assertEquals(200, avatar.getHeight());
    assertNear(TestPictures.LEFT, avatar.getRGB(50, 20));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 65_535})
  void anOrientationThatThereIsNotTurnsNothing(int orientation) throws IOException {
    byte[] odd = TestPictures.withExif(TestPictures.of("jpg", 200, 100), orientation, "");

    assertEquals(200, read(pictures.avatar(odd)).getWidth());
  }

  @ParameterizedTest
  @CsvSource({
    "52494646600000005745425056503820, WEBP",
    "000000186674797068656963000000006d696631, HEIC",
    "00000018667479706176696600000000, HEIC",
    "4749463839610a000a00, GIF",
    "255044462d312e37, OTHER",
  })
  void namesTheFormatThatIsNotTaken(String hex, String name) {
    assertRefused(HexFormat.of().parseHex(hex), "must be a PNG or JPEG, and is " + name);
  }

  /**
   * Broken off or with bytes turned, seeded: none may end in anything but a picture or a refusal.
   */
  @Test
  void noDamageOfAFileDoesMoreThanBeRefused() {
    Random random = new Random(20_261_126);
    List<byte[]> files =
        List.of(
            TestPictures.transparent(60, 40),
            TestPictures.withExif(TestPictures.of("jpg", 60, 40), 6, "x"),
            TestPictures.of("png", 60, 40));
    Deadline deadline = Deadline.in(Duration.ofSeconds(60));
    for (int i = 0; i < 1_000; i++) {
      byte[] file = files.get(i % files.size()).clone();
      for (int turned = random.nextInt(1, 6); turned > 0; turned--) {
        file[random.nextInt(12, file.length)] = (byte) random.nextInt(256);
      }
      assertHarmless(
          random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(12, file.length)) : file);
    }
    assertFalse(deadline.passed(), "slow");
  }

  @Test
  void refusesAJpegThatBreaksOff() {
    byte[] whole = TestPictures.of("jpg", 200, 200);

    assertRefused(Arrays.copyOf(whole, whole.length - 2), "breaks off");
    assertRefused(Arrays.copyOf(whole, whole.length * 2 / 3), "breaks off");
  }

  @ParameterizedTest
  @CsvSource({"png, 1, 4000", "png, 4000, 1", "jpg, 1, 4000", "jpg, 2, 4000"})
  void aThinPictureIsNotBlack(String format, int width, int height) throws IOException {
    BufferedImage avatar = read(pictures.avatar(TestPictures.of(format, width, height)));

    int rgb = avatar.getRGB(avatar.getWidth() / 2, avatar.getHeight() / 2);
    assertTrue(new Color(rgb).getRed() + new Color(rgb).getBlue() > 100, new Color(rgb).toString());
  }

  @Test
  void putsTransparentPicturesOnWhite() throws IOException {
    BufferedImage avatar = read(pictures.avatar(TestPictures.transparent(50, 50)));

    assertNear(Color.WHITE, avatar.getRGB(25, 25));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gif", "bmp"})
  void refusesOtherFormatsByTheirContent(String format) {
    assertRefused(TestPictures.of(format, 10, 10), "must be a PNG or JPEG");
  }

  @Test
  void refusesWhatIsNoPictureAtAll() {
    assertRefused(new byte[0], "must be a PNG or JPEG");
    assertRefused(
        "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8), "must be a PNG or JPEG");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void refusesADamagedOne(String format) {
    byte[] whole = TestPictures.of(format, 200, 200);

    assertRefused(Arrays.copyOf(whole, 30), format.equals("png") ? "damaged" : "breaks off");
  }

  @ParameterizedTest
  @CsvSource({"20000, 20000", "4097, 1", "1, 4097", "4096, 3077", "2147483647, 2147483647"})
  void refusesTooManyPixelsBeforeItDecodesAny(int width, int height) {
    byte[] bomb = TestPictures.bomb(width, height);
    Deadline soon = Deadline.in(Duration.ofSeconds(1));
    long before = used();

    assertRefused(bomb, "has too many pixels");

    assertFalse(soon.passed());
    assertTrue(used() - before < 64 << 20, "memory");
  }

  @Test
  void doesNotUnpackTheTextsOfAPng() {
    byte[] bomb = TestPictures.withPackedTexts(TestPictures.of("png", 8, 8), 64, 4 << 20);
    long before = used();

    pictures.avatar(bomb);

    assertTrue(used() - before < 128 << 20, "256 MB of texts");
  }

  @Test
  void refusesAJpegWithMoreLayersThanAnyHas() {
    assertRefused(withMoreLayers(TestPictures.of("jpg", 100, 100), 100), "has too many layers");
  }

  /** Each layer costs a pass over every pixel: 50 of the largest picture take seconds. */
  @Test
  void refusesALargePictureWithMoreLayersThanCamerasMake() {
    byte[] jpeg = TestPictures.of("jpg", 4_000, 3_000);

    assertRefused(withMoreLayers(jpeg, 10), "has too many layers");
    assertTrue(pictures.avatar(withMoreLayers(jpeg, 9)).length > 0);
  }

  private static byte[] withMoreLayers(byte[] jpeg, int count) {
    byte[] layers = Arrays.copyOf(jpeg, jpeg.length + 2 * count);
    for (int i = jpeg.length; i < layers.length; i += 2) {
      layers[i] = (byte) 0xFF;
      layers[i + 1] = (byte) 0xDA;
    }
    return layers;
  }

  private void assertHarmless(byte[] file) {
    try {
      assertTrue(pictures.avatar(file).length < 200_000);
    } catch (ApiException e) {
      assertEquals(ApiError.INVALID_REQUEST, e.error(), e.diagnosis());
    }
  }

  private void assertRefused(byte[] file, String why) {
    ApiException e = assertThrows(ApiException.class, () -> pictures.avatar(file));
    assertEquals(ApiError.INVALID_REQUEST, e.error());
    assertTrue(e.diagnosis().contains(why), e.diagnosis());
  }

  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static BufferedImage read(byte[] jpeg) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  private static void assertNear(Color expected, int rgb) {
    Color found = new Color(rgb);
    int distance =
        Math.abs(expected.getRed() - found.getRed())
            + Math.abs(expected.getGreen() - found.getGreen())
            + Math.abs(expected.getBlue() - found.getBlue());
    assertTrue(distance < 30, expected + " " + found);
  }
}
