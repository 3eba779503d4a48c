-- For who operates it: which keys it was used with, what happened, and which node does what only
-- one needs to do.

CREATE TABLE master_key (
  id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'id of a key in MASTER_KEYS',
  key_check BINARY(32) NOT NULL COMMENT 'derived from the key: tells another key under the same id',
  PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'master keys that this database was used with; holds nothing secret';

CREATE TABLE audit (
  id BINARY(16) NOT NULL COMMENT 'UUIDv7: its time is when it happened',
  event VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what happened: login, logout, …',
  user_id BINARY(16) NULL COMMENT 'whom it concerns; stays when the user is erased, and leads nowhere then',
  appid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'in which app; empty = in none',
  sid BINARY(16) NULL COMMENT 'through which session',
  client VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'the service client that did it; empty = the user',
  address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'client address; emptied when the user is erased',
  device VARCHAR(1024) NOT NULL DEFAULT '' COMMENT 'what the client said of its device; emptied when the user is erased',
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'the same as in the log and in X-Request-Id',
  detail VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'facts as key=value; no secret',
  PRIMARY KEY (id) COMMENT 'the oldest stand at the left edge',
  KEY audit_by_user (user_id) COMMENT 'what happened to a user'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'append-only, but for erasure and retention';

CREATE TABLE lease (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what is leased',
  holder BINARY(16) NOT NULL COMMENT 'the node that has it: drawn at its start; zeros = nobody yet',
  held_until BIGINT NOT NULL COMMENT 'from then on any node may take it, ms since 1970 UTC',
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'work that one node does for all';

INSERT INTO lease (name, holder, held_until) VALUES ('purge', UNHEX(REPEAT('0', 32)), 0);

CREATE TABLE node (
  id BINARY(16) NOT NULL COMMENT 'a node: drawn at its start',
  seen_at BIGINT NOT NULL COMMENT 'when it last wrote this row, ms since 1970 UTC; gone after a day',
  writes INT NOT NULL COMMENT 'how often it has: no write leaves the row as it was',
  PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'each node writes its row every 10 s, to see whether the database can write';

INSERT INTO schema_version (version) VALUES (3);
