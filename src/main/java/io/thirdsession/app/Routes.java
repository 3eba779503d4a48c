package io.thirdsession.app;

import io.thirdsession.account.ExportServlet;
import io.thirdsession.compat.CheckSignatureServlet;
import io.thirdsession.compat.GetOpenidServlet;
import io.thirdsession.compat.GetUserIdServlet;
import io.thirdsession.compat.GetUserInfoServlet;
import io.thirdsession.compat.OnLoginServlet;
import io.thirdsession.compat.SetUserInfoServlet;
import io.thirdsession.http.ErrorServlet;
import io.thirdsession.http.HealthServlet;
import io.thirdsession.http.ReadyServlet;
import io.thirdsession.http.RequestFilter;
import io.thirdsession.http.Responder;
import io.thirdsession.login.LoginServlet;
import io.thirdsession.opendata.DecryptServlet;
import io.thirdsession.profile.MeServlet;
import io.thirdsession.profile.SignedProfileServlet;
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
  private Routes() {}

  static void register(ServletContext context, App app) {
    context.setSessionTrackingModes(Set.of()); // never a cookie, never a jsessionid
    Responder responder = app.responder;

    FilterRegistration.Dynamic filter =
        context.addFilter("request", new RequestFilter(responder, app.trustedProxies, app.random));
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR), false, "/*");

    // /error is named in web.xml; below /api some containers answer other methods by themselves
    add(context, new ErrorServlet(responder), "/error", "/api/*");
    add(context, new HealthServlet(responder), "/healthz");
    add(context, new ReadyServlet(responder, app::readiness), "/readyz");
    add(context, new LoginServlet(responder, app.apps, app.logins, app.clock), "/api/login");
    add(
        context,
        new SessionServlet(responder, app.authenticator, app.sessions, app.clock),
        "/api/session");
    add(
        context,
        new DecryptServlet(responder, app.authenticator, app.sessionKeys, app.timer, app.clock),
        "/api/me/decrypt");
    add(context, new MeServlet(responder, app.authenticator, app.profiles, app.users), "/api/me");
    add(
        context,
        new ExportServlet(
            responder, app.authenticator, app.profiles, app.users, app.sessions, app.clock),
        "/api/me/export");
    add(
        context,
        new SignedProfileServlet(responder, app.authenticator, app.profiles),
        "/api/me/profile");
    if (app.seedPages) {
      add(
          context,
          new GetOpenidServlet(responder, app.apps, app.logins),
          "/getOpenid.html",
          "/getOpenid");
      addSeedPages(context, app);
    }
  }

  private static void addSeedPages(ServletContext context, App app) {
    Responder responder = app.responder;
    addPage(context, new OnLoginServlet(responder, app.apps, app.logins), "/onLogin");
    addPage(context, new SetUserInfoServlet(responder, app.sessions, app.profiles), "/setUserInfo");
    addPage(context, new GetUserInfoServlet(responder, app.sessions, app.profiles), "/getUserInfo");
    addPage(context, new GetUserIdServlet(responder, app.sessions, app.profiles), "/getUserId");
    addPage(
        context,
        new CheckSignatureServlet(responder, app.sessions, app.profiles),
        "/checkSignature");
  }

  /** The tutorials' addresses end in .html, which may be left out. */
  private static void addPage(ServletContext context, Servlet servlet, String path) {
    add(context, servlet, path + ".html", path);
  }

  private static void add(ServletContext context, Servlet servlet, String... paths) {
    ServletRegistration.Dynamic registration =
        context.addServlet(servlet.getClass().getSimpleName(), servlet);
    registration.setAsyncSupported(true);
    registration.addMapping(paths);
    registration.setLoadOnStartup(1); // a servlet that cannot be made is seen at start
  }
}
