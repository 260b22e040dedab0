-- One row per relay: how far the broker has confirmed. Written by keyed upsert, refused where the stored epoch is newer.
CREATE TABLE relay_offset (
  name        VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  `offset`    JSON         NOT NULL COMMENT 'Debezium source offset of the last confirmed record',
  server_uuid CHAR(36)     CHARACTER SET ascii NOT NULL COMMENT '@@server_uuid of the server it was read from',
  epoch       BIGINT       NOT NULL COMMENT 'lease epoch of the writer',
  events      BIGINT       NOT NULL COMMENT 'events confirmed since the row was first written',
  updated_at  TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
);

CREATE TABLE relay_offset_history (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name        VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cause       VARCHAR(16)  CHARACTER SET ascii NOT NULL COMMENT 'START, PROGRESS, STOP, RECOVERY, REWIND, SKIP, IMPORT, UNDO',
  `offset`    JSON         NOT NULL,
  server_uuid CHAR(36)     CHARACTER SET ascii NOT NULL,
  epoch       BIGINT       NOT NULL,
  events      BIGINT       NOT NULL,
  recorded_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  KEY relay_offset_history_by_name (name, id)
);

-- Who may publish. The epoch grows with every change of owner and never shrinks.
CREATE TABLE relay_lease (
  name       VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  owner      VARCHAR(255) NOT NULL,
  epoch      BIGINT       NOT NULL,
  expires_at TIMESTAMP(6) NOT NULL
);

-- Events that can't be published as they are, and the later events of their aggregates, in commit order (id).
CREATE TABLE relay_quarantine (
  id             BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name           VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_table   VARCHAR(130)  NOT NULL,
  event_id       VARCHAR(64)   NOT NULL,
  aggregate_type VARCHAR(255)  NOT NULL,
  aggregate_id   VARCHAR(255)  NOT NULL,
  type           VARCHAR(255)  NULL,
  reason         VARCHAR(32)   CHARACTER SET ascii NOT NULL,
  detail         VARCHAR(1000) NOT NULL,
  message        JSON          NULL COMMENT 'exchange, routing key and properties, where the row could be mapped',
  payload        LONGBLOB      NULL,
  quarantined_at TIMESTAMP(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  UNIQUE KEY relay_quarantine_event (name, source_table, event_id),
  KEY relay_quarantine_aggregate (name, aggregate_type, aggregate_id, id)
);
