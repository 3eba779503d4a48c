package io.thirdsession.site;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.testing.OpenDataUser;
import io.thirdsession.testing.Scrape;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The documentation, the rules and the dashboard name the metrics that are exported. */
class MetricsPageTest extends SharedAppTestBase {
  private static final Path RESOURCES = Path.of("src/site/resources");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:thirdsession|http_server|jvm|process)_[a-z0-9_]+");
  private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"");

  private Scrape scrape;

  MetricsPageTest() {
    super(
        "SERVICE_CLIENTS",
        TestClients.setting(),
        "MASTER_KEYS",
        TestKeys.setting("k2", "k1"),
        "WEBHOOKS", // nobody is there
        "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY3ODk=@http://127.0.0.1:1/",
        "IMPORT_URL",
        "http://127.0.0.1:1/",
        "IMPORT_SECRET",
        "canary-import-secret-metrics");
  }

  /** Lets everything happen that has no figure before. */
  @BeforeAll
  void use() {
    OpenDataUser user = OpenDataUser.logIn(server, "alice");
    server.http.login("not-a-code");
    post(
        user.token(),
        "/api/me/phone",
        json("code", server.weChat.phone(APP, user.openId()).code()));
    post(user.token(), "/api/me/decrypt", json("encryptedData", "AAAA", "iv", "AAAA"));
    server.app.rotateMasterKeys();
    server.app.compareClocks();
    eventually(() -> assertTrue(Scrape.of(server).names().contains("thirdsession_webhook_parked")));
    eventually( // the purger's first run begins 10 s after the start
        () ->
            assertTrue(Scrape.of(server).names().contains("thirdsession_purge_walk_age_seconds")));
    scrape = Scrape.of(server);
  }

  @Test
  void everyMetricIsDocumentedWithItsLabelsAndNoOther() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    List<String> rows = Page.read(Page.SITE.resolve("operations.md")).section("## Metrics").rows();
    for (String row : rows.subList(1, rows.size())) {
      List<String> cells = Page.cells(row);
      String name = Page.codeSpans(cells.get(0)).get(0);
      if (!name.endsWith("…")) {
        documented.put(name, new TreeSet<>(Page.codeSpans(cells.get(1))));
      }
    }

    Map<String, Set<String>> exported = new TreeMap<>();
    for (String name : scrape.names()) {
      if (!name.matches("(jvm|process)_.*")) {
        exported.put(name, labels(name));
      }
    }
    assertEquals(exported, documented);
  }

  @Test
  void everyMetricOfTheRulesIsExported() throws IOException {
    String rules = Files.readString(RESOURCES.resolve("alerts.yml"));

    assertEquals(Set.of(), notExported(rules));
    assertTrue(names(rules).size() > 12, names(rules).toString());
  }

  @Test
  void everyRuleSaysWhatToDo() throws IOException {
    for (String rule :
        Files.readString(RESOURCES.resolve("alerts.yml")).split("(?m)^ +- alert: ", -1)) {
      if (!rule.startsWith("#")) {
        assertTrue(rule.contains("\n          runbook: \""), rule);
        assertTrue(rule.contains("\n        labels: {severity: "), rule);
      }
    }
  }

  @Test
  void everyMetricOfTheDashboardIsExported() throws IOException {
    String dashboard = Files.readString(RESOURCES.resolve("grafana-dashboard.json"));
    List<String> queries = new ArrayList<>();
    collect(JsonParser.parseString(dashboard), queries);

    assertEquals(Set.of(), notExported(dashboard));
    assertTrue(queries.size() > 20, queries.toString());
    for (String query : queries) {
      assertEquals(1, Math.min(1, names(query).size()), query);
    }
  }

  /** Whoever adds a metric of ours says where it is to be seen. */
  @Test
  void everyMetricOfOursIsOnTheDashboard() throws IOException {
    Set<String> shown = names(Files.readString(RESOURCES.resolve("grafana-dashboard.json")));
    Set<String> missing = new TreeSet<>(scrape.names());
    missing.removeIf(name -> !name.startsWith("thirdsession_"));
    missing.removeIf(name -> shown.contains(name) || shown.contains(name + "_bucket"));
    missing.remove("thirdsession_master_key_rows_age_seconds"); // says how old a figure there is

    assertEquals(Set.of(), missing);
  }

  private static void collect(JsonElement element, List<String> queries) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(each -> collect(each, queries));
    } else if (element instanceof JsonObject object) {
      if (object.has("expr")) {
        queries.add(object.get("expr").getAsString());
      }
      object.entrySet().forEach(field -> collect(field.getValue(), queries));
    }
  }

  private Set<String> labels(String name) {
    Set<String> labels = new TreeSet<>();
    for (String sample : scrape.samples()) {
      if (family(sample.replaceFirst("\\{.*", "")).equals(name)) {
        LABEL.matcher(sample).results().forEach(found -> labels.add(found.group(1)));
      }
    }
    labels.remove("le");
    return labels;
  }

  private Set<String> notExported(String text) {
    Set<String> missing = names(text);
    missing.removeIf(name -> scrape.names().contains(family(name)));
    return missing;
  }

  private String family(String name) {
    String parent = name.replaceFirst("_(bucket|count|sum)$", "");
    return scrape.names().contains(parent) ? parent : name;
  }

  private static Set<String> names(String text) {
    Set<String> names = new TreeSet<>();
    NAME.matcher(text).results().forEach(found -> names.add(found.group()));
    return names;
  }
}
