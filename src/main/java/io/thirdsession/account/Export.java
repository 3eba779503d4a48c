package io.thirdsession.account;

import io.thirdsession.session.DeviceSession;
import io.thirdsession.user.HeldIdentity;
import io.thirdsession.user.UserAnswer;
import java.time.Instant;
import java.util.List;

/**
 * Everything that is held of a user. WeChat's session_key is held too and is not here: it never
 * leaves the server, and says nothing of the user.
 */
record Export(
    Instant exportedAt,
    UserAnswer user,
    List<HeldIdentity> identities,
    List<DeviceSession> sessions) {}
