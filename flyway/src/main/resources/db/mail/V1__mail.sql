-- Which consumer did what with which message. The row is the claim: who inserts it sends the mail.
CREATE TABLE processed_messages (
  consumer    VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_id  VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'AMQP message_id: the outbox id',
  state       VARCHAR(8)    CHARACTER SET ascii NOT NULL,
  attempts    INT           NOT NULL DEFAULT 1,
  lease_until TIMESTAMP(6)  NULL COMMENT 'until then SENDING belongs to its worker; afterwards the outcome is unknown',
  smtp_reply  VARCHAR(1000) NULL COMMENT 'what the mail server answered last',
  created_at  TIMESTAMP(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  updated_at  TIMESTAMP(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  sent_at     TIMESTAMP(6)  NULL,
  PRIMARY KEY (consumer, message_id),
  KEY processed_messages_by_age (created_at),
  CONSTRAINT processed_messages_state CHECK (state IN ('SENDING', 'SENT', 'UNKNOWN', 'FAILED'))
);
