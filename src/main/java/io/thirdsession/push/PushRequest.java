package io.thirdsession.push;

import io.thirdsession.http.FormFields;
import io.thirdsession.http.RequestFacts;

/**
 * A request of WeChat's, as far as it can be read before anybody knows that it is WeChat's.
 *
 * @param fields of the query
 * @param query as sent
 * @param contentType as sent; that of XML if it is missing
 */
record PushRequest(
    String appId, FormFields fields, String query, String contentType, RequestFacts facts) {
  String timestamp() {
    return fields.required("timestamp");
  }

  String nonce() {
    return fields.required("nonce");
  }
}
