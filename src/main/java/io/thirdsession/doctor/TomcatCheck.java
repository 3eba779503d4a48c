package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import io.thirdsession.http.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * Settings of the Tomcat around this server, as its MBeans have them. Only our own engine, host and
 * context are judged: others may be in the same Tomcat.
 */
final class TomcatCheck implements Check {
  private static final String UNLOAD_DELAY = "tomcat-unload-delay";
  private static final String ERROR_PAGES = "tomcat-error-pages";
  private static final String ACCESS_LOG = "tomcat-access-log";

  private static final long MIN_DELAY = 10_000;

  /**
   * What writes the query or a header that bears secrets; the second kind is the extended log's.
   */
  private static final Pattern SECRETS =
      Pattern.compile(
          "%[rq]"
              + "|%\\{(referer|authorization|cookie|third_session)}i"
              + "|cs-uri-query|x-P\\(|cs-uri(?![-\\w])|cs\\((referer|authorization|cookie|third_session)\\)",
          Pattern.CASE_INSENSITIVE);

  private final MBeanServer beans;

  TomcatCheck(MBeanServer beans) {
    this.beans = beans;
  }

  @Override
  public String name() {
    return "tomcat";
  }

  @Override
  public CompletableFuture<List<Finding>> run(Asked asked, Deadline deadline) {
    try {
      return CompletableFuture.completedFuture(look(asked));
    } catch (JMException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private List<Finding> look(Asked asked) throws JMException {
    String[] where = asked.virtualServer().split("/", 2);
    if (where.length < 2 || webModules(where).isEmpty()) {
      return List.of(
          Finding.ok(
              name(),
              new Message(
                  "没有找到 Tomcat 的 MBean（不是 Tomcat，或关闭了 JMX），本项未检查",
                  "not looked at: no MBeans of Tomcat's are here")));
    }
    return List.of(
        unloadDelay(where, asked.contextPath()),
        errorPages(where, asked.contextPath()),
        accessLog(where, asked.contextPath()));
  }

  private Finding unloadDelay(String[] where, String contextPath) throws JMException {
    long least = Long.MAX_VALUE;
    for (ObjectName context : webModules(where)) {
      if (contextPath.equals(attribute(context, "path").orElse(null))
          && attribute(context, "unloadDelay").orElse(null) instanceof Long delay) {
        least = Math.min(least, delay); // of versions that are deployed side by side
      }
    }
    Message found =
        new Message("unloadDelay 是 " + least + " ms", "unloadDelay is " + least + " ms");
    return least >= MIN_DELAY
        ? Finding.ok(UNLOAD_DELAY, found)
        : Finding.warning(
            UNLOAD_DELAY,
            found,
            new Message(
                "在你的 ROOT.xml 中写 <Context unloadDelay=\"10000\">，否则停止时会中断正在处理的请求",
                "write <Context unloadDelay=\"10000\"> in your ROOT.xml: requests in flight are cut"
                    + " off when Tomcat stops"));
  }

  private Finding errorPages(String[] where, String contextPath) throws JMException {
    Set<String> shown = new TreeSet<>();
    for (ObjectName valve : valves(where, contextPath, "ErrorReportValve")) {
      for (String what : List.of("showReport", "showServerInfo")) {
        if (Boolean.TRUE.equals(attribute(valve, what).orElse(false))) {
          shown.add(what);
        }
      }
    }
    String list = String.join(", ", shown);
    return shown.isEmpty()
        ? Finding.ok(
            ERROR_PAGES,
            new Message(
                "Tomcat 的错误页不含堆栈和版本",
                "Tomcat's error pages have neither stack traces nor a version"))
        : Finding.warning(
            ERROR_PAGES,
            new Message(
                "Tomcat 的错误页会显示堆栈或版本：" + list,
                "Tomcat's error pages show stack traces or its version: " + list),
            new Message(
                "在 server.xml 的 <Host> 中写 <Valve"
                    + " className=\"org.apache.catalina.valves.ErrorReportValve\" showReport=\"false\""
                    + " showServerInfo=\"false\" />",
                "write <Valve className=\"org.apache.catalina.valves.ErrorReportValve\""
                    + " showReport=\"false\" showServerInfo=\"false\" /> into <Host> of server.xml"));
  }

  private Finding accessLog(String[] where, String contextPath) throws JMException {
    Set<String> written = new TreeSet<>();
    for (ObjectName valve : valves(where, contextPath, "AccessLogValve")) {
      Object pattern = attribute(valve, "pattern").orElse("");
      SECRETS.matcher(pattern.toString()).results().map(MatchResult::group).forEach(written::add);
    }
    String list = String.join(", ", written);
    return written.isEmpty()
        ? Finding.ok(
            ACCESS_LOG, new Message("Tomcat 的访问日志不含查询参数", "Tomcat's access log has no queries"))
        : Finding.warning(
            ACCESS_LOG,
            new Message(
                "Tomcat 的访问日志会写入查询参数或带有密钥的请求头：" + list,
                "Tomcat's access log writes queries, or headers that bear secrets: " + list),
            new Message(
                "在 server.xml 的 AccessLogValve 中把 %r 改为 %m %U %H，去掉 %q 和 Referer 等；旧页面的登录凭证和 token"
                    + " 在查询参数中",
                "in the AccessLogValve of server.xml write %m %U %H instead of %r, without %q and the"
                    + " headers: older pages have codes and tokens in the query"));
  }

  private Set<ObjectName> webModules(String[] where) throws MalformedObjectNameException {
    Set<ObjectName> found = new TreeSet<>();
    for (ObjectName its : beans.queryNames(ours(where[0], "j2eeType=WebModule"), null)) {
      if (its.getKeyProperty("name").startsWith("//" + where[1] + "/")) {
        found.add(its);
      }
    }
    return found;
  }

  /** Returns the valves of this kind that our requests go through. */
  private List<ObjectName> valves(String[] where, String contextPath, String kind)
      throws MalformedObjectNameException {
    List<ObjectName> found = new ArrayList<>();
    for (ObjectName its : beans.queryNames(ours(where[0], "type=Valve"), null)) {
      String host = its.getKeyProperty("host");
      String context = its.getKeyProperty("context");
      if (its.getKeyProperty("name").endsWith(kind)
          && (host == null || host.equals(where[1]))
          && (context == null || context.equals(contextPath.isEmpty() ? "/" : contextPath))) {
        found.add(its);
      }
    }
    return found;
  }

  private static ObjectName ours(String engine, String kind) throws MalformedObjectNameException {
    return new ObjectName(engine.replaceAll("[*?:]", "") + ":" + kind + ",*");
  }

  /** Returns the attribute; another kind of valve may not have it, or be gone by now. */
  private Optional<Object> attribute(ObjectName bean, String name) throws JMException {
    try {
      return Optional.ofNullable(beans.getAttribute(bean, name));
    } catch (AttributeNotFoundException | InstanceNotFoundException e) {
      return Optional.empty();
    }
  }
}
