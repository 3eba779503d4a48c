-- Pictures that users uploaded.

CREATE TABLE avatar (
  user_id BINARY(16) NOT NULL COMMENT 'whose picture',
  avatar_id BINARY(16) NOT NULL COMMENT 'keyed hash of user and picture; its base64url is in the address',
  jpeg MEDIUMBLOB NOT NULL COMMENT 'at most 320 by 320 pixels, nothing but the picture',
  created_at BIGINT NOT NULL COMMENT 'when it was uploaded, ms since 1970 UTC',
  PRIMARY KEY (user_id),
  UNIQUE KEY avatar_by_id (avatar_id) COMMENT 'finds the picture at an address'
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
  COMMENT = 'the latest picture of a user, kept apart from what every check reads';

INSERT INTO schema_version (version) VALUES (2);
