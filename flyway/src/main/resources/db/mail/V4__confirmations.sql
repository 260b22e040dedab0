-- What the consumer tells whoever verifies deliveries, and nothing else: which messages it has, whether it is done with them
-- or has put them before somebody, and until when nobody need worry about the others. A mail that waits for an earlier one of
-- its order waits an hour at most (mail-worker.order-wait).
CREATE VIEW confirmations AS
SELECT consumer, message_id, state,
  state IN ('SENT', 'FAILED', 'UNKNOWN') AS concluded,
  IF(state = 'WAITING' AND retry_at IS NULL,
    created_at + INTERVAL 1 HOUR,
    GREATEST(updated_at, COALESCE(lease_until, updated_at), COALESCE(retry_at, updated_at))) AS due_at
FROM processed_messages;
