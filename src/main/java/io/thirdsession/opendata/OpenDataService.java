package io.thirdsession.opendata;

import static io.thirdsession.wechat.OpenDataException.Reason.PREVIOUS_KEY_EXPIRED;
import static io.thirdsession.wechat.OpenDataException.Reason.QUARANTINED;
import static io.thirdsession.wechat.OpenDataException.Reason.WRONG_KEY;

import io.thirdsession.session.Session;
import io.thirdsession.user.HeldKey;
import io.thirdsession.user.SessionKeyService;
import io.thirdsession.wechat.EncryptedData;
import io.thirdsession.wechat.OpenData;
import io.thirdsession.wechat.OpenDataException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Decrypts open data with the keys of the session's identity: the current one, then the one before
 * for 10 minutes after it was replaced, because WeChat may have encrypted before the latest login.
 * Thread-safe.
 */
final class OpenDataService {
  private final SessionKeyService keys;
  private final Clock clock;

  OpenDataService(SessionKeyService keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Returns the data, checked to be of this session's app and user, and fresh.
   *
   * @throws OpenDataException if it is not, or does not open; the reason must not reach the client
   */
  OpenData decrypt(Session session, String encryptedData, String iv) {
    EncryptedData data = EncryptedData.parse(encryptedData, iv); // malformed: nothing is counted
    List<HeldKey> tried = new ArrayList<>();
    boolean quarantined = false;
    for (HeldKey key : keys.keys(session.appId(), session.openId())) {
      if (!keys.reserveTry(key)) {
        quarantined = true;
        continue;
      }
      tried.add(key);
      try {
        OpenData opened = data.decrypt(key.sessionKey());
        opened.check(session.appId(), session.openId(), clock.instant());
        tried.forEach(keys::giveBack);
        if (key.graceOver()) {
          throw new OpenDataException(PREVIOUS_KEY_EXPIRED);
        }
        return opened;
      } catch (OpenDataException e) {
        if (e.reason() != WRONG_KEY) {
          throw e; // this key has opened it, another will not
        }
      }
    }
    throw new OpenDataException(quarantined ? QUARANTINED : WRONG_KEY);
  }
}
