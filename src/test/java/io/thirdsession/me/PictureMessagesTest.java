package io.thirdsession.me;

import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever chose a picture that is refused reads which they can choose instead. */
class PictureMessagesTest extends SharedAppTestBase {
  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @ParameterizedTest
  @CsvSource({
    "0000001866747970686569630000000000000000, HEIC",
    "00000018667479706176696600000000, HEIC",
    "52494646600000005745425056503820, WebP",
    "474946383961010001000000, GIF",
  })
  void namesTheFormatThatIsNotTakenAndThoseThatAre(String hex, String format) {
    byte[] file = HexFormat.of().parseHex(hex);

    assertMessages(
        file,
        400,
        "不支持 " + format + " 图片，请改用 JPEG 或 PNG 图片（不超过 1 MB）",
        format + " is not accepted: choose a JPEG or PNG of at most 1 MB");
  }

  @Test
  void namesTheFormatsThatAreTakenWhereTheFileIsNone() {
    assertMessages(
        "plain text".getBytes(),
        400,
        "该文件不是图片，请选择 JPEG 或 PNG 图片（不超过 1 MB）",
        "This is not a picture: choose a JPEG or PNG of at most 1 MB");
  }

  @Test
  void namesTheLimitOfTheFile() {
    byte[] png = TestPictures.of("png", 10, 10);

    assertMessages(
        Arrays.copyOf(png, 1_048_577),
        413,
        "文件不能超过 1 MB（1,048,576 字节），请压缩后再上传",
        "The file must have at most 1 MB (1,048,576 bytes): compress it and upload it again");
  }

  @Test
  void namesTheLimitOfTheFileThoughTheBodyIsFarLonger() {
    assertEquals("文件不能超过 1 MB（1,048,576 字节），请压缩后再上传", upload(new byte[3_000_000]).field("message"));
  }

  @Test
  void namesTheLimitOfThePixels() {
    assertMessages(
        TestPictures.bomb(4_097, 10),
        400,
        "图片尺寸过大：每边最多 4,096 像素，总共最多 1,260 万像素，请缩小后再上传",
        "The picture is too large: at most 4,096 pixels on a side and 12.6 million in all; shrink"
            + " it and upload it again");
  }

  @Test
  void saysThatAPictureIsDamaged() {
    byte[] jpeg = TestPictures.of("jpg", 100, 100);
    byte[] png = TestPictures.of("png", 100, 100);

    for (byte[] file : new byte[][] {Arrays.copyOf(jpeg, 200), Arrays.copyOf(png, 40)}) {
      assertMessages(
          file, 400, "图片不完整或已损坏，请换一张图片", "The picture is incomplete or damaged: choose another");
    }
  }

  @Test
  void saysWhatToDoAboutAJpegOfManyLayers() {
    byte[] jpeg = TestPictures.of("jpg", 100, 100);
    byte[] layers = Arrays.copyOf(jpeg, jpeg.length + 200);
    for (int i = jpeg.length; i < layers.length; i += 2) {
      layers[i] = (byte) 0xFF;
      layers[i + 1] = (byte) 0xDA;
    }

    assertMessages(
        layers,
        400,
        "该 JPEG 图片的编码过于复杂，请截图或另存为普通 JPEG 后再上传",
        "The JPEG has too many layers: save it as a usual JPEG and upload that");
  }

  @Test
  void saysThatTheFileIsMissing() {
    Response response =
        server.http.send(
            "POST",
            "/api/me/avatar",
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n",
            bearer(token, "Content-Type", "multipart/form-data; boundary=x"));

    assertEquals("请上传一个文件", response.field("message"));
    assertEquals("file", response.field("field"));
  }

  @Test
  void namesTheTypeOfTheBody() {
    Response response = server.http.post("/api/me/avatar", "{}", bearer(token));

    assertEquals("Content-Type 必须是 multipart/form-data", response.field("message"));
  }

  private void assertMessages(byte[] file, int status, String chinese, String english) {
    Response response = upload(file);
    assertEquals(status, response.status(), response.toString());
    assertEquals(chinese, response.field("message"));
    assertEquals(english, upload(file, "Accept-Language", "en-GB").field("message"));
  }

  private Response upload(byte[] file, String... headers) {
    return server.http.upload("/api/me/avatar", "file", file, bearer(token, headers));
  }
}
