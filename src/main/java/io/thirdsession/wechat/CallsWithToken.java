package io.thirdsession.wechat;

import static io.thirdsession.wechat.WeChatException.Kind.CONFIGURATION;

import io.thirdsession.Deadline;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Makes calls that bear an access_token: if WeChat refuses the token, once more with another one.
 * Thread-safe.
 */
final class CallsWithToken {
  /** What WeChat says of an access_token that is no longer good. */
  private static final Set<Integer> TOKEN_REFUSED = Set.of(40001, 40014, 42001);

  private final AccessTokens tokens;

  CallsWithToken(AccessTokens tokens) {
    this.tokens = tokens;
  }

  /** Returns the outcome of the call; fails with {@link WeChatException}. */
  <T> CompletableFuture<T> make(
      WeChatApp app, Deadline deadline, Function<AccessToken, CompletableFuture<T>> call) {
    return token(app, deadline)
        .thenCompose(
            token ->
                call.apply(token)
                    .exceptionallyCompose(
                        failure -> again(app, deadline, token, WeChatException.of(failure), call)));
  }

  /** Tells a call that could not be made from one that failed. */
  private CompletableFuture<AccessToken> token(WeChatApp app, Deadline deadline) {
    return tokens
        .get(app, deadline)
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(WeChatException.of(failure).beforeTheCall()));
  }

  private <T> CompletableFuture<T> again(
      WeChatApp app,
      Deadline deadline,
      AccessToken refused,
      WeChatException failure,
      Function<AccessToken, CompletableFuture<T>> call) {
    if (!isTokenRefused(failure)) {
      return CompletableFuture.failedFuture(failure);
    }
    if (!tokens.reject(app, refused)) {
      return CompletableFuture.failedFuture(refusal(failure));
    }
    return token(app, deadline)
        .thenCompose(
            other ->
                other.value().equals(refused.value())
                    ? CompletableFuture.failedFuture(refusal(failure))
                    : call.apply(other))
        .exceptionallyCompose(
            second -> {
              WeChatException e = WeChatException.of(second);
              return CompletableFuture.failedFuture(isTokenRefused(e) ? refusal(e) : e);
            });
  }

  private static boolean isTokenRefused(WeChatException failure) {
    return TOKEN_REFUSED.contains(failure.errcode().orElse(0));
  }

  /** The call was not carried out, because nobody can give us a token that is good. */
  private static WeChatException refusal(WeChatException failure) {
    return failure.as(CONFIGURATION).beforeTheCall();
  }
}
