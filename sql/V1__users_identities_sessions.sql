-- Users, their identities at WeChat, and their sessions.
-- Every time in these tables is given by the application, never by the database (leases and nodes,
-- in V3, go by the database's clock). There are no foreign keys, on purpose:
-- src/site/markdown/rationale.md says why, and what does their work.

CREATE TABLE schema_version (
  version INT NOT NULL COMMENT 'number of a migration file that was applied, by the server or by hand',
  PRIMARY KEY (version)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'which files of sql/ this database has seen';

CREATE TABLE user (
  id BINARY(16) NOT NULL COMMENT 'UUIDv7; as text it is the userId of the API',
  created_at BIGINT NOT NULL COMMENT 'first login, or what an import says; ms since 1970 UTC',
  last_login_at BIGINT NOT NULL COMMENT 'latest login, ms since 1970 UTC; of an imported user before the first one created_at',
  disabled_at BIGINT NULL COMMENT 'since when logins are refused, ms since 1970 UTC; NULL = not disabled',
  nick_name VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'as the user gave it; empty = never given',
  avatar_url VARCHAR(512) NOT NULL DEFAULT '' COMMENT 'https, or /avatars/{id} of the picture in the table avatar; empty = never given',
  gender TINYINT NOT NULL DEFAULT 0 COMMENT '0 unknown, 1 male, 2 female, as WeChat counts',
  province VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'as the user gave it',
  city VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'as the user gave it',
  country VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'as the user gave it',
  language VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'as the user gave it',
  title VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'a line about themselves',
  phone_sealed VARBINARY(96) NULL COMMENT 'country code, blank, number: key id, nonce, AES-256-GCM; NULL = no phone is bound',
  phone_hash VARBINARY(49) NULL COMMENT 'length of key id, key id, keyed hash of country code and number: finds the holders',
  phone_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'how the number was proven: wx_code, wx_encrypted; import = not at all',
  phone_bound_at BIGINT NULL COMMENT 'when it was proven, ms since 1970 UTC',
  external_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the id that the company knows the user by; case matters; NULL = none',
  profile_stale_at BIGINT NULL COMMENT 'since when WeChat has other names or pictures of the user, ms since 1970 UTC; NULL = not since the profile was written',
  PRIMARY KEY (id),
  UNIQUE KEY user_by_external_id (external_id) COMMENT 'decides the race of two who are given one id',
  KEY user_by_phone (phone_hash) COMMENT 'not unique: a number may have several holders'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'persons';

CREATE TABLE identity (
  id BINARY(16) NOT NULL COMMENT 'UUIDv7; never leaves the database',
  user_id BINARY(16) NOT NULL COMMENT 'whose identity this is',
  appid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the mini program',
  openid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the user inside that app; case matters',
  unionid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'a link that may come late or change, never a key',
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'miniprogram' COMMENT 'which WeChat login this is',
  mac_key VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'id of the master key of mac',
  mac BINARY(32) NOT NULL COMMENT 'keyed hash of appid, openid, user_id and unionid: the row says what we wrote',
  created_at BIGINT NOT NULL COMMENT 'first login with this identity, or what an import says; ms since 1970 UTC',
  key_sealed VARBINARY(64) NULL COMMENT 'current session_key: key id, nonce, AES-256-GCM; NULL = imported, and has never logged in',
  key_fingerprint BINARY(16) NULL COMMENT 'keyed hash of the current session_key: the same key is recognised',
  key_exchanged_at BIGINT NULL COMMENT 'when the exchange that brought the current key was sent, ms since 1970 UTC',
  key_failures INT NOT NULL DEFAULT 0 COMMENT 'failed decryptions under the current key',
  key_failed_at BIGINT NULL COMMENT 'latest of them, ms since 1970 UTC',
  previous_key_sealed VARBINARY(64) NULL COMMENT 'the key before: WeChat may have encrypted with it',
  previous_key_fingerprint BINARY(16) NULL COMMENT 'keyed hash of the previous session_key',
  previous_key_exchanged_at BIGINT NULL COMMENT 'when the exchange that brought it was sent, ms since 1970 UTC',
  previous_key_failures INT NOT NULL DEFAULT 0 COMMENT 'failed decryptions under the previous key',
  previous_key_failed_at BIGINT NULL COMMENT 'latest of them, ms since 1970 UTC',
  previous_key_replaced_at BIGINT NULL COMMENT 'since when it is the previous one, ms since 1970 UTC: its grace counts from here',
  PRIMARY KEY (id),
  UNIQUE KEY identity_by_openid (appid, openid) COMMENT 'decides the race of two first logins',
  KEY identity_by_unionid (unionid) COMMENT 'back ends look users up by it',
  KEY identity_by_user (user_id) COMMENT 'identities of a user',
  KEY identity_by_mac_key (mac_key) COMMENT 'those under an old master key'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'one openid in one app, with the session_key that WeChat gave for it';

CREATE TABLE unionid_user (
  unionid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the person across the apps of one Open Platform account',
  user_id BINARY(16) NOT NULL COMMENT 'the user that identities with this unionid join',
  PRIMARY KEY (unionid) COMMENT 'decides the race of two first logins in two apps',
  KEY unionid_by_user (user_id) COMMENT 'links of a user'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'written with UNIONID_LINK=true only';

CREATE TABLE session (
  sid BINARY(16) NOT NULL COMMENT 'UUIDv7: its time is when the session began; first part of the token',
  secret_hash BINARY(32) NOT NULL COMMENT 'HMAC of the secret part of the token, user_id and identity_id, under the master key that made the tag',
  user_id BINARY(16) NOT NULL COMMENT 'whose session',
  identity_id BINARY(16) NOT NULL COMMENT 'logged in through which identity',
  last_seen_at BIGINT NOT NULL COMMENT 'login or latest touch, ms since 1970 UTC; written at most once per tenth of the idle lifetime',
  origin VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'which call made it: login, getOpenid, …',
  address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'client address at login',
  device VARCHAR(8192) NOT NULL DEFAULT '{}' COMMENT 'what the client said of its device: a flat JSON object',
  PRIMARY KEY (sid) COMMENT 'the oldest stand at the left edge',
  KEY session_by_user (user_id) COMMENT 'sessions of a user'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'live sessions; ended means deleted';

INSERT INTO schema_version (version) VALUES (1);
