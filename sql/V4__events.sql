-- What other systems are to hear of, and what is on its way to them.

CREATE TABLE event (
  n BIGINT NOT NULL AUTO_INCREMENT COMMENT 'order of writing: events of one user, whose changes wait for each other, are in the order in which they happened',
  seq BIGINT NULL COMMENT 'place in what clients read, given once the row is committed; NULL = not yet',
  id BINARY(16) NOT NULL COMMENT 'UUIDv7; the same whenever the event is told',
  type VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what happened: user.created, …',
  at BIGINT NOT NULL COMMENT 'when, ms since 1970 UTC',
  user_id BINARY(16) NULL COMMENT 'to whom; stays when the user is erased; NULL = to everybody',
  external_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the id that the company knew the user by then',
  appid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'through which app; empty = through none; emptied when the user is erased',
  appids VARCHAR(8192) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'apps of the user then, separated by blanks: who is limited to apps is told of theirs; * = all apps',
  detail VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'which sessions ended, what was revoked, where the phone is from; emptied when the user is erased',
  PRIMARY KEY (n),
  UNIQUE KEY event_by_seq (seq) COMMENT 'clients read along it; those without a place stand at its left edge',
  KEY event_by_user (user_id) COMMENT 'what an erasure empties'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'written in the transaction of the deed, read by other systems, kept for EVENT_RETENTION';

CREATE TABLE event_sequence (
  name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'events',
  last_seq BIGINT NOT NULL COMMENT 'the last place that was given; whoever gives places locks this row, so none is filled later',
  purged_seq BIGINT NOT NULL COMMENT 'places up to this one have been deleted',
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'one row';

INSERT INTO event_sequence (name, last_seq, purged_seq) VALUES ('events', 0, 0);

CREATE TABLE webhook_delivery (
  webhook BINARY(16) NOT NULL COMMENT 'to which URL of WEBHOOKS: the beginning of its SHA-256',
  seq BIGINT NOT NULL COMMENT 'which event',
  user_id BINARY(16) NULL COMMENT 'whose: what happens to a user later waits for this; NULL = everybody''s',
  attempts INT NOT NULL DEFAULT 0 COMMENT 'how often it was sent in vain',
  due_at BIGINT NOT NULL COMMENT 'not to be sent before, ms since 1970 UTC',
  parked_at BIGINT NULL COMMENT 'since when nobody tries any more, ms since 1970 UTC; NULL = it is still sent',
  PRIMARY KEY (webhook, seq),
  KEY webhook_delivery_by_user (webhook, user_id, seq) COMMENT 'what happened to a user before',
  KEY webhook_delivery_by_seq (seq) COMMENT 'what goes with its event'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'events on their way to webhooks; delivered means deleted';

INSERT INTO lease (name, holder, held_until) VALUES ('webhooks', UNHEX(REPEAT('0', 32)), 0);

INSERT INTO schema_version (version) VALUES (4);
