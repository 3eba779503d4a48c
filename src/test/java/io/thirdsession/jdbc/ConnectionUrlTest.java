package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionUrlTest {
  @Test
  void aBareUrlGetsEveryOptionOfOurs() {
    String url = ConnectionUrl.pooled("jdbc:mysql://db:3306/d");

    assertTrue(url.startsWith("jdbc:mysql://db:3306/d?"), url);
    assertTrue(url.contains("&socketTimeout=3000&"), url);
    assertTrue(url.contains("sessionVariables=innodb_lock_wait_timeout=1"), url);
    assertTrue(url.contains("&socketFactory=" + ImpatientSocketFactory.class.getName()), url);
  }

  @Test
  void anOptionOfTheOperatorsStands() {
    String url = ConnectionUrl.pooled("jdbc:mysql://db/d?SocketTimeout=9000");

    assertFalse(url.contains("socketTimeout=3000"), url);
  }

  @ParameterizedTest
  @CsvSource({
    "sessionVariables=sql_mode=ANSI, 'sessionVariables=sql_mode=ANSI,innodb_lock_wait_timeout=1'",
    "sessionvariables=wait_timeout=60&a=b,"
        + " 'sessionvariables=wait_timeout=60,innodb_lock_wait_timeout=1&a=b'",
    "sessionVariables=innodb_lock_wait_timeout=2, sessionVariables=innodb_lock_wait_timeout=2",
  })
  void sessionVariablesOfTheOperatorsKeepOursCompany(String theirs, String merged) {
    String url = ConnectionUrl.pooled("jdbc:mysql://db/d?" + theirs);

    assertTrue(url.startsWith("jdbc:mysql://db/d?" + merged + "&"), url);
    assertEquals(1, url.toLowerCase().split("sessionvariables", -1).length - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:mysql://a:1,b:2/d?x=y | jdbc:mysql://a:1/d?x=y jdbc:mysql://b:2/d?x=y",
        "jdbc:mysql://a, b/d | jdbc:mysql://a/d jdbc:mysql://b/d",
        "jdbc:mysql://[::1]:1,[::2]:2/d | jdbc:mysql://[::1]:1/d jdbc:mysql://[::2]:2/d",
        "jdbc:mysql://(host=a,port=1),b/d | jdbc:mysql://(host=a,port=1)/d jdbc:mysql://b/d",
        "jdbc:mysql://a/d?x=y,z | jdbc:mysql://a/d?x=y,z",
        "jdbc:mysql:loadbalance://a,b/d | jdbc:mysql:loadbalance://a,b/d",
        "jdbc:mysql:replication://a,b/d | jdbc:mysql:replication://a,b/d",
      })
  void aPlainListHasAUrlForEachHost(String url, String each) {
    assertEquals(List.of(each.split(" ")), ConnectionUrl.perHost(url));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:mysql://a/d?connectTimeout=1000&socketTimeout=3000"
            + "| jdbc:mysql://a/d?connectTimeout=1000&socketTimeout=1000 | 3000",
        "jdbc:mysql://a/d?SocketTimeout=9000&connectTimeout=500&b=c"
            + "| jdbc:mysql://a/d?SocketTimeout=500&connectTimeout=500&b=c | 9000",
        "jdbc:mysql://a/d?connectTimeout=1000&socketTimeout=soon"
            + "| jdbc:mysql://a/d?connectTimeout=1000&socketTimeout=soon | -1",
        "jdbc:mysql:loadbalance://a/d?connectTimeout=1000&socketTimeout=3000"
            + "| jdbc:mysql:loadbalance://a/d?connectTimeout=1000&socketTimeout=3000 | -1",
      })
  void openingTakesNoLongerThanConnectingAndStatementsTheirOwnTime(
      String pooled, String opening, int socketTimeout) {
    assertEquals(opening, ConnectionUrl.opening(pooled));
    assertEquals(socketTimeout, ConnectionUrl.socketTimeoutMillis(pooled).orElse(-1));
  }
}
