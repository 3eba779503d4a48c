package io.thirdsession.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The schemas of openapi.json, made ready when they are needed. */
final class Schemas {
  private static final String IRI = "https://thirdsession.test/openapi.json";

  private final Map<String, Schema> ready = new ConcurrentHashMap<>();
  private final SchemaRegistry registry;

  Schemas() {
    try {
      Map<String, String> file = Map.of(IRI, Files.readString(ApiFile.FILE));
      registry =
          SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails if this value does not keep to this schema; says where, and not what stands there. */
  void hold(Node schema, JsonNode value, String what) {
    List<Error> errors = ready.computeIfAbsent(schema.pointer(), this::load).validate(value);
    if (!errors.isEmpty()) {
      List<String> lines = errors.stream().map(Schemas::line).toList();
      throw new AssertionError(what + " does not keep to openapi.json: " + lines);
    }
  }

  private Schema load(String pointer) {
    return registry.getSchema(SchemaLocation.of(IRI + "#" + pointer));
  }

  private static String line(Error error) {
    String property = error.getProperty() == null ? "" : "/" + error.getProperty();
    return error.getInstanceLocation()
        + property
        + " "
        + error.getKeyword()
        + " at "
        + error.getSchemaLocation().getFragment();
  }
}
