package io.thirdsession.doctor;

import io.thirdsession.Timer;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Readiness;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatClient;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the doctor looks at.
 *
 * @param settings what it judges of the settings
 * @param jdbc the database
 * @param readiness whether the node is ready
 * @param masterKeyIds the ids of the master keys, the active one first
 * @param keyRows what is left under others
 * @param weChat asked for nothing that costs
 * @param apps whose AppSecrets are tried
 * @param outside asks this server by PUBLIC_URL; follows no redirects
 * @param clock of this node
 */
public record Deployment(
    DoctorSettings settings,
    Jdbc jdbc,
    Supplier<Readiness> readiness,
    Supplier<Set<String>> masterKeyIds,
    Supplier<KeyRows> keyRows,
    WeChatClient weChat,
    WeChatApps apps,
    HttpClient outside,
    Clock clock) {

  /**
   * Returns the doctor of this deployment.
   *
   * @param executor has threads of its own, which wait for the database
   */
  public Doctor doctor(Executor executor, Timer timer) {
    return new Doctor(
        List.of(
            new DatabaseCheck(readiness, new ServerDao(jdbc), new VariablesCheck(settings), clock),
            new KeysCheck(masterKeyIds, keyRows, clock),
            new SettingsCheck(settings),
            new TomcatCheck(ManagementFactory.getPlatformMBeanServer()),
            new WeChatCheck(weChat, apps, clock),
            new OutsideCheck(outside, settings, timer, clock)),
        executor,
        timer,
        Doctor.PATIENCE);
  }
}
