package peer;

import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;

@Repository
class Users {
  private final JdbcClient jdbc;

  Users(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the id of the user with this openid, whom it inserts if there is none. */
  long idOf(String openId) {
    return find(openId).orElseGet(() -> insert(openId));
  }

  private Optional<Long> find(String openId) {
    return jdbc.sql("SELECT id FROM user WHERE openid = ?")
        .param(openId)
        .query(Long.class)
        .optional();
  }

  private long insert(String openId) {
    try {
      KeyHolder keys = new GeneratedKeyHolder();
      jdbc.sql("INSERT INTO user (openid) VALUES (?)").param(openId).update(keys);
      return keys.getKey().longValue();
    } catch (DuplicateKeyException e) { // the same user's other login was faster
      return find(openId).orElseThrow();
    }
  }
}
