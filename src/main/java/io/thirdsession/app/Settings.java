package io.thirdsession.app;

import io.thirdsession.audit.AuditRetention;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.TrustedProxies;
import io.thirdsession.jdbc.DatabaseSettings;
import io.thirdsession.keys.MasterKey;
import io.thirdsession.lazyimport.LazyImportSettings;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.Rate;
import io.thirdsession.phone.PhoneSettings;
import io.thirdsession.push.PushSettings;
import io.thirdsession.session.SessionLifetime;
import io.thirdsession.webhook.WebhookSettings;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The whole configuration, checked.
 *
 * @param database how to reach the database
 * @param weChat where WeChat is
 * @param apps the mini programs, at least one
 * @param masterKeys at least one, the first is active
 * @param lostMasterKeys ids of others, whose identities are to be believed
 * @param serviceClients other services
 * @param sessionLifetime how long sessions live
 * @param sessionMaxPerUser live sessions a user may have
 * @param unionIdLink whether identities with one unionid share a user
 * @param publicUrl the URL by which clients reach this server, without a trailing slash; empty: as
 *     each request says
 * @param corsOrigins origins whose pages may make the mini program's calls
 * @param olderClients which clients of other servers are served
 * @param phones how phone numbers are taken
 * @param avatars whether users may upload a picture
 * @param adminPage whether the operator's page is served
 * @param push whose message push comes here
 * @param webhooks who is told of events
 * @param eventRetention how long events are kept
 * @param lazyImport where users are looked up who are new here
 * @param rateLimits how often one may call; what is missing is not limited
 * @param auditRetention how long the audit trail is kept
 * @param trustedProxies whose word on IP addresses counts
 */
record Settings(
    DatabaseSettings database,
    WeChatSettings weChat,
    List<WeChatApp> apps,
    List<MasterKey> masterKeys,
    Set<String> lostMasterKeys,
    List<ServiceClient> serviceClients,
    SessionLifetime sessionLifetime,
    int sessionMaxPerUser,
    boolean unionIdLink,
    Optional<String> publicUrl,
    Set<String> corsOrigins,
    Set<OlderClients> olderClients,
    PhoneSettings phones,
    boolean avatars,
    boolean adminPage,
    PushSettings push,
    WebhookSettings webhooks,
    Duration eventRetention,
    LazyImportSettings lazyImport,
    Map<Limit, Rate> rateLimits,
    AuditRetention auditRetention,
    TrustedProxies trustedProxies) {}
