-- Whose event it is, so that a mail can wait for the earlier ones of its order; which claim holds the row, so that a
-- worker that lost it changes nothing; and how often nobody could tell whether the mail was sent.
ALTER TABLE processed_messages
  ADD COLUMN aggregate_id      VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' AFTER message_id,
  ADD COLUMN aggregate_version BIGINT       NULL AFTER aggregate_id,
  ADD COLUMN claimed_by        VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'one claim of one worker' AFTER state,
  ADD COLUMN retry_at          TIMESTAMP(6) NULL COMMENT 'WAITING: not tried before' AFTER lease_until,
  ADD COLUMN unknowns          INT          NOT NULL DEFAULT 0 COMMENT 'attempts of which nobody knows whether they sent the mail' AFTER attempts,
  ADD COLUMN unknown_at        TIMESTAMP(6) NULL AFTER unknowns,
  ADD COLUMN reason            VARCHAR(32)  CHARACTER SET ascii NULL COMMENT 'FAILED, UNKNOWN: why it was given up' AFTER smtp_reply,
  ADD COLUMN detail            VARCHAR(1000) NULL AFTER reason,
  DROP CONSTRAINT processed_messages_state,
  ADD CONSTRAINT processed_messages_state CHECK (state IN ('SENDING', 'WAITING', 'SENT', 'UNKNOWN', 'FAILED')),
  ADD KEY processed_messages_by_order (consumer, aggregate_id);
