package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A stand-in for api.weixin.qq.com on a loopback port, with the phone's side under {@code /sim/*}.
 * Its methods mirror the {@code /sim/*} calls and may be called from any thread. Long only by their
 * number: this is the one class that tests need to know.
 */
public final class WeChatSimulator implements AutoCloseable {
  /** As HTTP has it, with a day of two digits. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final World world;
  private final Phone phone;
  private final PhoneEndpoints phoneEndpoints;
  private final WeChatEndpoints weChatEndpoints;
  private final FaultyResponses faultyResponses;
  private final SimulatorServer server;

  private WeChatSimulator(SimulatorOptions options) throws IOException {
    this.world = World.create(options);
    this.phone = new Phone(world);
    this.phoneEndpoints = new PhoneEndpoints(world, phone);
    this.weChatEndpoints = new WeChatEndpoints(world);
    this.faultyResponses = new FaultyResponses(weChatEndpoints, new WeChatResponses(world));
    this.server = new SimulatorServer(options.port(), this::exchange);
  }

  /** Starts on any free port with the app {@code touristappid}: what most tests want. */
  public static WeChatSimulator startOnFreePort() {
    return start(SimulatorOptions.defaults().withPort(0));
  }

  /**
   * Starts a simulator, which answers at once.
   *
   * @throws IllegalStateException if the port is taken
   */
  public static WeChatSimulator start(SimulatorOptions options) {
    try {
      WeChatSimulator simulator = new WeChatSimulator(options);
      simulator.server.start();
      return simulator;
    } catch (IOException e) {
      throw new IllegalStateException(
          "the WeChat simulator cannot listen on port " + options.port(), e);
    }
  }

  /** Returns the address to use in the place of https://api.weixin.qq.com, without a last slash. */
  public URI baseUri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return server.port();
  }

  /** Returns the last 1,000 calls that WeChat's side received, oldest first, secrets included. */
  public List<RecordedCall> calls() {
    return world.calls().all();
  }

  public void clearCalls() {
    world.calls().clear();
  }

  /** Returns an event as WeChat would push it now, to be sent. */
  public Push push(
      Push.Target to,
      String event,
      String openId,
      String revokeInfo,
      Push.Mode mode,
      Push.Format format) {
    Instant now = world.clock().instant();
    return Push.of(to, Push.event(event, openId, revokeInfo, now), mode, format, now, world.ids());
  }

  /** Returns the question by which WeChat's console finds out whose an address is. */
  public Push pushVerification(Push.Target to, String echo) {
    return Push.verification(to, echo, world.clock().instant(), world.ids());
  }

  /** Returns the first configured app. */
  public String defaultAppId() {
    return world.apps().first();
  }

  /** Returns the openid of the user that codes from DevTools, and calls without openid, mean. */
  public String defaultOpenId(String appId) {
    return Users.defaultOpenId(appId);
  }

  /** Returns an openid as WeChat's look (28 characters), always the same for this app and name. */
  public static String openIdOf(String appId, String name) {
    return Ids.openIdOf(appId, name);
  }

  /** wx.login by the default user of the first app. */
  public String loginCode() {
    return loginCode(defaultAppId(), defaultOpenId(defaultAppId()));
  }

  /** wx.login: returns a code of 32 characters; the user is created if it is new. */
  public String loginCode(String appId, String openId) {
    return phone.login(appId, openId, Optional.empty());
  }

  /** wx.login by a user who has, from now on, this unionid. */
  public String loginCode(String appId, String openId, String unionId) {
    return phone.login(appId, openId, Optional.of(unionId));
  }

  /** A tap on the phone button, with WeChat's example number 13580006666. */
  public PhoneEvent phone(String appId, String openId) {
    return phone.phone(appId, openId, PhoneNumber.DEFAULT);
  }

  /**
   * A tap on the phone button.
   *
   * @param phoneNumber digits of a Chinese number, or "+", area code and number
   * @throws IllegalStateException if the user has never logged in and so has no session_key
   */
  public PhoneEvent phone(String appId, String openId, String phoneNumber) {
    return phone(appId, openId, phoneNumber, "");
  }

  /** A tap on the phone button, with the area code given apart, for example "852". */
  public PhoneEvent phone(String appId, String openId, String phoneNumber, String countryCode) {
    return phone.phone(appId, openId, PhoneNumber.of(phoneNumber, countryCode));
  }

  /** wx.getUserProfile as it is today: anonymous. */
  public ProfileEvent profile(String appId, String openId) {
    return profile(appId, openId, Phone.anonymousUserInfo());
  }

  /** wx.getUserProfile with this userInfo. */
  public ProfileEvent profile(String appId, String openId, JsonObject userInfo) {
    return phone.profile(appId, openId, userInfo);
  }

  /**
   * Returns the user's session_key as WeChat holds it now.
   *
   * @throws IllegalStateException if the user has none
   */
  public String sessionKey(String appId, String openId) {
    return phone.sessionKey(appId, openId);
  }

  /** Makes the user's next wx.login replace the session_key, however young it is. */
  public void rotateKeyAtNextLogin(String appId, String openId) {
    phone.rotateKeyAtNextLogin(appId, openId);
  }

  /** Makes WeChat refuse this user's logins with 40226, or accept them again. */
  public void block(String appId, String openId, boolean blocked) {
    phone.block(appId, openId, blocked);
  }

  /** Sets a fault of WeChat's side; one without a path replaces all that were set. */
  public void faults(Fault fault) {
    world.faults().set(fault);
    listenUnlessRefused();
  }

  /** Moves the simulator's clock forward. */
  public void advance(Duration step) {
    world.clock().advance(step);
  }

  /** Returns the simulator's own clock: the one it was given, plus every {@link #advance}. */
  public Clock clock() {
    return world.clock();
  }

  /** Forgets users, codes, tokens, faults, calls and the clock's advance. */
  public void reset() {
    world.clear();
    listenUnlessRefused();
  }

  /**
   * Answers a call to {@code /sim/*} that another server received. Faults do not apply here; any
   * other path is answered as WeChat would, and is not recorded.
   */
  public SimulatorResponse handle(SimulatorRequest request) {
    if (!isForPhone(request)) {
      return weChatEndpoints.answer(request);
    }
    SimulatorResponse answer = phoneEndpoints.answer(request);
    listenUnlessRefused();
    return answer;
  }

  /** Frees the port, and ends the calls that a fault keeps hanging. */
  @Override
  public void close() {
    server.close();
  }

  private SimulatorServer.Exchange exchange(SimulatorRequest request) {
    if (isForPhone(request)) {
      return new SimulatorServer.Exchange(phoneEndpoints.answerOnOwnPort(request), Fault.NONE);
    }
    Instant now = world.clock().instant();
    Fault fault = world.faults().take(request.path());
    SimulatorResponse response = faultyResponses.answer(request, fault);
    // Before anything is sent, so that a test that has its answer finds the call here.
    world.calls().add(RecordedCall.of(now, request, response));
    return new SimulatorServer.Exchange(response.with("Date", DATE.format(now)), fault);
  }

  private void listenUnlessRefused() {
    server.setReachable(!world.faults().refuseConnections());
  }

  private static boolean isForPhone(SimulatorRequest request) {
    return request.path().equals("/sim") || request.path().startsWith("/sim/");
  }
}
