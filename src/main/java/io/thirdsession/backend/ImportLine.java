package io.thirdsession.backend;

import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import io.thirdsession.user.ImportResult;
import io.thirdsession.user.ImportedUser;
import io.thirdsession.user.ImportedUserReader;
import java.util.Optional;

/**
 * A line of an import: a user, or why it is none.
 *
 * @param number of the line, from 1
 * @param user whom it describes
 * @param refusal why it describes nobody; empty if it does
 */
record ImportLine(int number, Optional<ImportedUser> user, Optional<ImportResult> refusal) {
  static ImportLine refused(int number, ApiError error, Optional<String> field) {
    return new ImportLine(
        number, Optional.empty(), Optional.of(ImportResult.refused(error, field)));
  }

  /** Returns who is meant, as a key; empty if nobody is. */
  Optional<String> identity() {
    return user.map(its -> its.appId() + " " + its.openId());
  }

  /** Reads lines for one client. */
  static final class Reader {
    private final ImportedUserReader users;
    private final ServiceClient client;

    Reader(ImportedUserReader users, ServiceClient client) {
      this.users = users;
      this.client = client;
    }

    ImportLine read(int number, byte[] line) {
      try {
        return new ImportLine(number, Optional.of(user(line)), Optional.empty());
      } catch (ApiException e) {
        return refused(number, e.error(), e.field());
      }
    }

    private ImportedUser user(byte[] line) {
      ImportedUser user = users.read(JsonFields.ofLine(line));
      if (!client.mayKnow(user.appId())) {
        throw ApiException.of(ApiError.FORBIDDEN, "an app that is not the client's");
      }
      return user;
    }
  }
}
