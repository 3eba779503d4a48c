package io.thirdsession.app;

import io.thirdsession.backend.ClientServlet;
import io.thirdsession.backend.EndAllServlet;
import io.thirdsession.backend.EventReader;
import io.thirdsession.backend.EventsServlet;
import io.thirdsession.backend.GatewayServlet;
import io.thirdsession.backend.IntrospectServlet;
import io.thirdsession.backend.OAuthMetadataServlet;
import io.thirdsession.backend.RevokeServlet;
import io.thirdsession.backend.StableTokenServlet;
import io.thirdsession.backend.UserAdministrationServlet;
import io.thirdsession.backend.UserImportServlet;
import io.thirdsession.backend.UserLookupServlet;
import io.thirdsession.compat.CheckSignatureServlet;
import io.thirdsession.compat.GetOpenidServlet;
import io.thirdsession.compat.GetPhoneNumberServlet;
import io.thirdsession.compat.GetUserIdServlet;
import io.thirdsession.compat.GetUserInfoServlet;
import io.thirdsession.compat.OnLoginServlet;
import io.thirdsession.compat.SetUserInfoServlet;
import io.thirdsession.compat.ThirdLoginServlet;
import io.thirdsession.compat.WaferLoginServlet;
import io.thirdsession.compat.WaferUserServlet;
import io.thirdsession.doctor.DoctorServlet;
import io.thirdsession.http.BodyCollector;
import io.thirdsession.http.CorsOrigins;
import io.thirdsession.http.ErrorServlet;
import io.thirdsession.http.RequestFilter;
import io.thirdsession.http.Responder;
import io.thirdsession.login.LoginServlet;
import io.thirdsession.me.AvatarServlet;
import io.thirdsession.me.ExportServlet;
import io.thirdsession.me.MeServlet;
import io.thirdsession.me.PictureServlet;
import io.thirdsession.me.SignedProfileServlet;
import io.thirdsession.opendata.DecryptServlet;
import io.thirdsession.phone.PhoneServlet;
import io.thirdsession.push.PushServlet;
import io.thirdsession.session.CountedChecks;
import io.thirdsession.session.DevicesServlet;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.SessionServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.Set;

/** Every filter and servlet, registered in one place. */
final class Routes {
  private static final String AVATAR = "/api/me/avatar";
  private static final String IMPORT = "/api/users/import";

  private static final String OURS = "io.thirdsession.";

  /** What is there for requests that are no call of ours. */
  private static final Set<String> NO_ROUTES = Set.of("/error", "/api/*");

  /** The mini program's calls, which pages of CORS_ORIGINS may make too. */
  private static final Set<String> MINI_PROGRAM =
      Set.of(
          "/api/login",
          "/api/session",
          "/api/sessions",
          "/api/me",
          "/api/me/profile",
          "/api/me/phone",
          "/api/me/decrypt",
          "/api/me/export",
          AVATAR);

  private Routes() {}

  static void register(ServletContext context, App app) {
    context.setSessionTrackingModes(Set.of()); // never a cookie, never a jsessionid
    Responder responder = app.responder;

    FilterRegistration.Dynamic filter =
        context.addFilter(
            "request",
            new RequestFilter(
                responder,
                app.trustedProxies,
                app.baseUrl,
                app.random,
                bodies(app),
                new CorsOrigins(app.corsOrigins, MINI_PROGRAM)));
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR),
        false,
        "/*");

    // /error is named in web.xml; below /api some containers respond to other methods by themselves
    add(context, new ErrorServlet(responder), "/error", "/api/*");
    add(context, new HealthServlet(responder), "/healthz");
    add(context, new ReadyServlet(responder, app::readiness), "/readyz");
    add(context, new MetricsServlet(responder, app.clients, app.metrics), "/metrics");
    add(
        context,
        new DoctorServlet(responder, app.clients, app.trustedProxies, app.doctor),
        "/api/doctor");
    add(
        context,
        new LoginServlet(responder, app.apps, app.logins, app.userResponses, app.clock),
        "/api/login");
    add(
        context,
        new SessionServlet(responder, counting(app, app.checks.session()), app.sessions, app.clock),
        "/api/session");
    add(
        context,
        new DevicesServlet(responder, app.authenticator, app.sessions, app.limits),
        "/api/sessions",
        "/api/sessions/*");
    addMe(context, app);
    addBackEnd(context, app);
    if (app.hasAdminPage) {
      add(context, new AdminPageServlet(responder), "/admin/*");
    }
    if (app.takesAvatars) {
      add(
          context,
          new AvatarServlet(responder, app.authenticator, app.avatars, app.pictures, app.limits),
          AVATAR);
      add(context, new PictureServlet(responder, app.avatars), "/avatars/*");
    }
    if (app.olderClients.contains(OlderClients.SEED)) {
      addSeedPages(context, app);
    }
    if (app.olderClients.contains(OlderClients.WAFER)) {
      add(
          context,
          new WaferLoginServlet(responder, app.apps, app.logins, app.encryptedProfiles),
          "/weapp/login");
      add(context, new WaferUserServlet(responder, app.sessions, app.profiles), "/weapp/user");
    }
    labelRoutes(context, app);
  }

  /** Lets each path that was registered have figures of its own. */
  private static void labelRoutes(ServletContext context, App app) {
    context.getServletRegistrations().values().stream()
        .filter(its -> its.getClassName().startsWith(OURS))
        .flatMap(its -> its.getMappings().stream())
        .filter(path -> !NO_ROUTES.contains(path))
        .forEach(app.requestTimes::label);
  }

  private static RequestAuthenticator counting(App app, CountedChecks checks) {
    return new RequestAuthenticator(checks, app.clock);
  }

  /**
   * A token's tag and a client's secret are checked without the database: strangers' uploads are
   * not kept in memory, and their imports are not read.
   */
  private static BodyCollector bodies(App app) {
    return new BodyCollector(
        app.responder,
        request ->
            app.takesAvatars
                && request.getServletPath().equals(AVATAR)
                && RequestAuthenticator.token(request).flatMap(app.tokens::parse).isPresent(),
        AvatarServlet.MAX_FILE_LENGTH,
        request -> request.getServletPath().equals(PushServlet.PATH),
        PushServlet.MAX_LENGTH,
        request ->
            request.getServletPath().equals(IMPORT)
                && UserImportServlet.streams(request, app.clients));
  }

  private static void addMe(ServletContext context, App app) {
    Responder responder = app.responder;
    RequestAuthenticator authenticator = app.authenticator;
    add(
        context,
        new MeServlet(
            responder, authenticator, app.profiles, app.users, app.userResponses, app.limits),
        "/api/me");
    add(
        context,
        new SignedProfileServlet(
            responder, authenticator, app.profiles, app.userResponses, app.limits),
        "/api/me/profile");
    add(context, new PhoneServlet(responder, authenticator, app.phones), "/api/me/phone");
    add(
        context,
        new DecryptServlet(responder, authenticator, app.openData, app.limits),
        "/api/me/decrypt");
    add(context, new ExportServlet(responder, authenticator, app.exports), "/api/me/export");
  }

  private static void addBackEnd(ServletContext context, App app) {
    Responder responder = app.responder;
    add(context, new ClientServlet(responder, app.clients), "/api/client");
    add(
        context,
        new IntrospectServlet(
            responder, app.clients, app.checks.introspect(), app.publicUrl, app.clock),
        "/api/introspect");
    add(context, new RevokeServlet(responder, app.clients, app.sessions), "/api/revoke");
    add(
        context,
        new OAuthMetadataServlet(responder, app.publicUrl),
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration");
    add(
        context,
        new GatewayServlet(responder, counting(app, app.checks.gateway())),
        "/api/gateway",
        "/api/gateway/*");
    add(
        context,
        new UserLookupServlet(responder, app.clients, app.directory),
        "/api/users",
        "/api/users/find");
    add(
        context,
        new UserAdministrationServlet(responder, app.clients, app.administration),
        "/api/users/*");
    add(context, new UserImportServlet(responder, app.clients, app.imports, app.timer()), IMPORT);
    add(
        context,
        new EndAllServlet(responder, app.clients, app.configuredApps, app.everybodysSessions),
        "/api/sessions/end-all");
    add(
        context,
        new EventsServlet(responder, app.clients, new EventReader(app.eventFeed, app.timer())),
        "/api/events");
    add(context, new PushServlet(responder, app.pushes), PushServlet.PATH + "/*");
    add(
        context,
        new StableTokenServlet(
            responder, app.clients, app.configuredApps, app.weChat.accessTokens(), app.clock),
        "/cgi-bin/stable_token");
  }

  private static void addSeedPages(ServletContext context, App app) {
    Responder responder = app.responder;
    addPage(context, new GetOpenidServlet(responder, app.apps, app.logins), "/getOpenid");
    addPage(context, new OnLoginServlet(responder, app.apps, app.logins), "/onLogin");
    addPage(
        context,
        new SetUserInfoServlet(responder, app.sessions, app.profiles, app.limits),
        "/setUserInfo");
    addPage(context, new GetUserInfoServlet(responder, app.sessions, app.profiles), "/getUserInfo");
    addPage(context, new GetUserIdServlet(responder, app.sessions, app.profiles), "/getUserId");
    addPage(
        context,
        new CheckSignatureServlet(responder, app.sessions, app.profiles),
        "/checkSignature");
    addPage(
        context,
        new GetPhoneNumberServlet(responder, app.apps, app.logins, app.phones),
        "/getPhoneNumber");
    addPage(
        context,
        new ThirdLoginServlet(responder, app.apps, app.logins, app.encryptedProfiles),
        "/thirdLogin");
  }

  /** The tutorials' paths end in .html, which may be left out. */
  private static void addPage(ServletContext context, Servlet servlet, String path) {
    add(context, servlet, path + ".html", path);
  }

  private static ServletRegistration.Dynamic add(
      ServletContext context, Servlet servlet, String... paths) {
    ServletRegistration.Dynamic registration =
        context.addServlet(servlet.getClass().getSimpleName(), servlet);
    registration.setAsyncSupported(true);
    registration.addMapping(paths);
    registration.setLoadOnStartup(1); // a servlet that cannot be made is seen at start
    return registration;
  }
}
