package io.thirdsession.json;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leaves out a field that holds an empty {@link Optional}, and writes another one's value. */
final class OptionalAdapter<T> extends TypeAdapter<Optional<T>> {
  static final TypeAdapterFactory FACTORY =
      new TypeAdapterFactory() {
        @Override
        @SuppressWarnings("unchecked") // TypeAdapterFactory cannot say that T is an Optional
        public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
          return type.getRawType() == Optional.class
                  && type.getType() instanceof ParameterizedType optional
              ? (TypeAdapter<T>) of(gson, TypeToken.get(optional.getActualTypeArguments()[0]))
              : null;
        }
      };

  private final TypeAdapter<T> values;

  private OptionalAdapter(TypeAdapter<T> values) {
    this.values = values;
  }

  private static <T> OptionalAdapter<T> of(Gson gson, TypeToken<T> type) {
    return new OptionalAdapter<>(gson.getAdapter(type));
  }

  @Override
  public void write(JsonWriter out, Optional<T> value) throws IOException {
    if (value.isPresent()) {
      values.write(out, value.get());
      return;
    }
    boolean nulls = out.getSerializeNulls();
    out.setSerializeNulls(false); // the writer then drops the name that waits for this value
    out.nullValue();
    out.setSerializeNulls(nulls);
  }

  @Override
  public Optional<T> read(JsonReader in) {
    throw new UnsupportedOperationException("optional fields are only written");
  }
}
