-- Phone numbers and pictures of users.

ALTER TABLE user
  MODIFY avatar_url VARCHAR(512) NOT NULL DEFAULT ''
    COMMENT 'https, or /avatars/{id} of the picture in the table avatar; empty = never given',
  ADD phone_sealed VARBINARY(96) NULL
    COMMENT 'country code, blank, number: key id, nonce, AES-256-GCM; NULL = no phone is bound',
  ADD phone_hash VARBINARY(49) NULL
    COMMENT 'length of key id, key id, keyed hash of country code and number: finds the holders',
  ADD phone_source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
    COMMENT 'how the number was proven: wx_code, wx_encrypted',
  ADD phone_bound_at BIGINT NULL COMMENT 'when it was proven',
  ADD KEY user_phone (phone_hash) COMMENT 'not unique: a number may have several holders';

CREATE TABLE avatar (
  user_id BINARY(16) NOT NULL COMMENT 'whose picture',
  avatar_id BINARY(16) NOT NULL COMMENT 'keyed hash of user and picture; its base64url is in the address',
  jpeg MEDIUMBLOB NOT NULL COMMENT 'at most 320 by 320 pixels, nothing but the picture',
  created_at BIGINT NOT NULL COMMENT 'when it was uploaded',
  PRIMARY KEY (user_id),
  UNIQUE KEY avatar_id (avatar_id),
  CONSTRAINT avatar_user FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'the latest picture of a user, kept apart from what every check reads';

INSERT INTO schema_version (version) VALUES (2);
