-- What the consumer tells whoever verifies deliveries, and nothing else: which messages it has, whether it is done with them
-- or has put them before somebody, and until when nobody need worry about the others. A mail that waits, for its next try or
-- for an earlier mail of its order, is given an hour at least, as long as mail-worker.order-wait is by default.
CREATE VIEW confirmations AS
SELECT consumer, message_id, state,
  state IN ('SENT', 'FAILED', 'UNKNOWN') AS concluded,
  GREATEST(updated_at, COALESCE(lease_until, updated_at), COALESCE(retry_at, updated_at),
    IF(state = 'WAITING', created_at + INTERVAL 1 HOUR, updated_at)) AS due_at
FROM processed_messages;
