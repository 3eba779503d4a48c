package io.thirdsession.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one way JSON is read and written. Reading is strict where gson, even in its strict mode, is
 * not: a duplicate field, an empty document, a byte order mark, bytes that are not UTF-8 and
 * nesting deeper than 16 are refused. Thread-safe.
 */
public final class Json {
  private static final int MAX_DEPTH = 16;

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Gson GSON =
      new GsonBuilder()
          .disableHtmlEscaping()
          .serializeNulls()
          .registerTypeAdapter(Instant.class, new InstantAdapter())
          .registerTypeAdapterFactory(OptionalAdapter.FACTORY)
          .setFieldNamingStrategy(Json::name)
          .create();

  private Json() {}

  /**
   * Returns the JSON text of a record, a map or a list. Nulls are written, empty {@link
   * java.util.Optional}s are left out; an {@link Instant} is ISO 8601 in UTC with three decimals
   * and {@code Z}.
   */
  public static String write(Object value) {
    return GSON.toJson(value);
  }

  private static String name(Field component) {
    @Nullable JsonName given = component.getAnnotation(JsonName.class);
    return given == null ? component.getName() : given.value();
  }

  /** Returns the time as responses show it, such as {@code 2026-11-22T08:30:00.000Z}. */
  public static String time(Instant time) {
    return MILLIS.format(time);
  }

  /**
   * Returns the JSON object in this text as a value that {@link #write} writes again.
   *
   * @throws JsonException if it holds anything but one well-formed object
   */
  public static Object value(String text) {
    return readObject(text);
  }

  /**
   * Returns the JSON object in these UTF-8 bytes.
   *
   * @throws JsonException if they hold anything but one well-formed object
   */
  public static JsonObject readObject(byte[] utf8) {
    return readObject(text(utf8));
  }

  /**
   * Returns the JSON object in these UTF-8 bytes, as {@link #readObject(byte[])} does, with U+FFFD
   * in place of every half of a character.
   *
   * @throws JsonException if they hold anything but one object that is otherwise well-formed
   */
  public static JsonObject readMended(byte[] utf8) {
    return readMended(text(utf8));
  }

  /**
   * Returns the JSON object in this text, as {@link #readObject(String)} does, with U+FFFD in place
   * of every half of a character.
   *
   * @throws JsonException if it holds anything but one object that is otherwise well-formed
   */
  public static JsonObject readMended(String text) {
    return readObject(HalfCharacters.replaced(text));
  }

  private static String text(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException ignored) { // it knows no more than we say
      throw new JsonException("not UTF-8");
    }
  }

  /**
   * Returns the JSON object in this text.
   *
   * @throws JsonException if it holds anything but one well-formed object
   */
  public static JsonObject readObject(String text) {
    if (text.startsWith("\uFEFF")) {
      throw new JsonException("begins with a byte order mark");
    }
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      if (reader.peek() != JsonToken.BEGIN_OBJECT) {
        throw new JsonException("not an object");
      }
      JsonObject object = object(reader, 1);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonException("something follows the object");
      }
      return object;
    } catch (IOException | IllegalStateException | NumberFormatException ignored) {
      // gson's message quotes the text, and the text may hold a secret
      throw new JsonException("not well-formed");
    }
  }

  private static JsonObject object(JsonReader reader, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new JsonException("nested too deeply");
    }
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (object.has(name)) {
        throw new JsonException("duplicate field");
      }
      object.add(name, value(reader, depth));
    }
    reader.endObject();
    return object;
  }

  private static JsonArray array(JsonReader reader, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new JsonException("nested too deeply");
    }
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(value(reader, depth));
    }
    reader.endArray();
    return array;
  }

  private static JsonElement value(JsonReader reader, int depth) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(reader, depth + 1);
      case BEGIN_ARRAY -> array(reader, depth + 1);
      case STRING -> new JsonPrimitive(reader.nextString());
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NUMBER -> new JsonPrimitive(new BigDecimal(reader.nextString()));
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      default -> throw new JsonException("not well-formed");
    };
  }

  private static final class InstantAdapter extends TypeAdapter<Instant> {
    @Override
    public void write(JsonWriter out, @Nullable Instant value) throws IOException {
      if (value == null) {
        out.nullValue();
      } else {
        out.value(time(value));
      }
    }

    @Override
    public Instant read(JsonReader in) {
      throw new UnsupportedOperationException("times are only written");
    }
  }
}
