CREATE TABLE orders (
  id          BINARY(16)   NOT NULL PRIMARY KEY COMMENT 'UUIDv7',
  placed_by   VARCHAR(255) COLLATE utf8mb4_0900_bin NOT NULL COMMENT 'subject of the token it was placed with',
  customer    VARCHAR(200) NOT NULL,
  email       VARCHAR(254) NOT NULL,
  locale      VARCHAR(35)  CHARACTER SET ascii NOT NULL COMMENT 'BCP 47',
  currency    CHAR(3)      CHARACTER SET ascii NOT NULL COMMENT 'ISO 4217',
  total_minor BIGINT       NOT NULL COMMENT 'in the smallest unit of the currency',
  status      VARCHAR(16)  CHARACTER SET ascii NOT NULL,
  version     BIGINT       NOT NULL COMMENT 'one more with every command; the last event carries it',
  created_at  TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at  TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  CONSTRAINT orders_status CHECK (status IN ('PLACED', 'PAID', 'SHIPPED', 'CANCELLED'))
);

CREATE TABLE order_lines (
  order_id         BINARY(16)   NOT NULL,
  line_no          SMALLINT     NOT NULL,
  sku              VARCHAR(64)  NOT NULL,
  name             VARCHAR(200) NOT NULL,
  quantity         INT          NOT NULL,
  unit_price_minor BIGINT       NOT NULL,
  line_total_minor BIGINT       NOT NULL,
  PRIMARY KEY (order_id, line_no),
  CONSTRAINT order_lines_order FOREIGN KEY (order_id) REFERENCES orders (id),
  CONSTRAINT order_lines_quantity CHECK (quantity > 0)
);

-- Debezium EventRouter's default names, so that any outbox reader can read it. Rows are inserted, never updated.
-- payload is no JSON column: MySQL would reorder its keys, and the bytes are part of the promise.
CREATE TABLE outbox (
  id                BINARY(16)   NOT NULL PRIMARY KEY COMMENT 'UUIDv7; becomes the AMQP message_id',
  aggregatetype     VARCHAR(255) NOT NULL,
  aggregateid       VARCHAR(255) NOT NULL,
  type              VARCHAR(255) NOT NULL,
  payload           MEDIUMTEXT   NOT NULL,
  headers           JSON         NULL COMMENT 'traceparent, tracestate and the caller''s own',
  aggregate_version BIGINT       NULL,
  created_at        TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  KEY outbox_by_age (created_at),
  CONSTRAINT outbox_payload_json CHECK (JSON_VALID(payload))
);
