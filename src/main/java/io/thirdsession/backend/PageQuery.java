package io.thirdsession.backend;

import io.thirdsession.Uuid7;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.FormFields;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Which part of a long list is asked for.
 *
 * @param before the {@code next} of the page before; empty for the first page
 * @param limit entries of a page at most, 1 to 50
 */
record PageQuery(Optional<UUID> before, int limit) {
  private static final int MAX_LIMIT = 50;
  private static final Set<String> NAMES = Set.of("before", "limit");
  private static final Pattern ID = Pattern.compile(Uuid7.TEXT);

  /** Returns whether a query with these names asks for a page. */
  static boolean isNamed(Set<String> names) {
    return NAMES.containsAll(names);
  }

  /**
   * Returns what this query asks for.
   *
   * @throws ApiException if a value is wrong, or there is another field
   */
  static PageQuery of(FormFields query) {
    if (!isNamed(query.names())) {
      throw ApiException.of(
          ApiError.INVALID_REQUEST, "the query must have no field but before= and limit=");
    }
    return new PageQuery(
        query.names().contains("before")
            ? Optional.of(UUID.fromString(query.required("before", ID)))
            : Optional.empty(),
        query.integer("limit", 1, MAX_LIMIT, MAX_LIMIT));
  }
}
