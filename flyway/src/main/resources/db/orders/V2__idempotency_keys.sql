-- One row per command that was carried out with an Idempotency-Key, written in the command's own transaction: the key is
-- there exactly if the command's rows are.
CREATE TABLE idempotency_keys (
  caller          VARCHAR(255)  COLLATE utf8mb4_0900_bin NOT NULL,
  idempotency_key VARCHAR(255)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fingerprint     BINARY(32)    NOT NULL COMMENT 'SHA-256 of the command',
  status          SMALLINT      NOT NULL COMMENT 'of the answer, as are the next three',
  location        VARCHAR(255)  CHARACTER SET ascii NULL,
  etag            VARCHAR(32)   CHARACTER SET ascii NOT NULL,
  body            VARCHAR(1000) NOT NULL,
  created_at      TIMESTAMP(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (caller, idempotency_key),
  KEY idempotency_keys_by_age (created_at)
);
