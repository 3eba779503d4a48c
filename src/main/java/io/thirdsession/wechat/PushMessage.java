package io.thirdsession.wechat;

import com.google.gson.JsonElement;
import io.thirdsession.json.Json;
import io.thirdsession.json.JsonException;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** A message that WeChat pushes, as XML or as JSON: its outermost fields. Immutable. */
public final class PushMessage {
  private final Map<String, String> values;

  private PushMessage(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads a body.
   *
   * @throws Malformed if it is neither well-formed XML without a DTD nor a well-formed JSON object,
   *     or has a duplicate field
   */
  public static PushMessage read(byte[] body) {
    int first = 0;
    while (first < body.length && Character.isWhitespace(body[first])) {
      first++;
    }
    return first < body.length && body[first] == '{' ? json(body) : xml(body);
  }

  /** Returns the text of a field; empty if it is missing, or has fields of its own. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name)).filter(text -> !text.isEmpty());
  }

  private static PushMessage json(byte[] body) {
    Map<String, String> values = new HashMap<>();
    try {
      for (Map.Entry<String, JsonElement> field : Json.readObject(body).entrySet()) {
        if (field.getValue().isJsonPrimitive()) {
          values.put(field.getKey(), field.getValue().getAsString());
        }
      }
    } catch (JsonException e) {
      throw new Malformed(String.valueOf(e.getMessage()));
    }
    return new PushMessage(values);
  }

  private static PushMessage xml(byte[] body) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      XMLStreamReader reader =
          factory.createXMLStreamReader(new ByteArrayInputStream(body), "UTF-8");
      try {
        return new PushMessage(fields(reader));
      } finally {
        reader.close();
      }
    } catch (XMLStreamException ignored) { // its message would quote what was sent
      throw new Malformed("must be well-formed XML or JSON");
    }
  }

  private static Map<String, String> fields(XMLStreamReader reader) throws XMLStreamException {
    Map<String, String> values = new HashMap<>();
    StringBuilder text = new StringBuilder();
    int depth = 0;
    boolean nested = false;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw new Malformed("must be XML without a DTD and entities");
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          nested = depth > 2;
          if (!nested) {
            text.setLength(0);
          }
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (depth == 2) {
            text.append(reader.getText());
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (depth == 2 && !nested && values.put(reader.getLocalName(), text.toString()) != null) {
            throw new Malformed("has a duplicate field");
          }
          nested = depth > 2;
          depth--;
        }
        default -> {
          // a comment, or the end
        }
      }
    }
    return values;
  }

  /** The body is none; the message says in what way, and nothing of the body. */
  public static final class Malformed extends RuntimeException {
    Malformed(String message) {
      super(message, null, false, false);
    }
  }
}
