-- Ids and names as they are: an index over what may be of any length goes by a part or a hash of it, and case counts.
ALTER TABLE relay_quarantine
  DROP KEY relay_quarantine_event,
  DROP KEY relay_quarantine_aggregate,
  MODIFY source_table   VARCHAR(130) COLLATE utf8mb4_0900_bin NOT NULL,
  MODIFY event_id       TEXT COLLATE utf8mb4_0900_bin NOT NULL,
  MODIFY aggregate_type TEXT COLLATE utf8mb4_0900_bin NOT NULL,
  MODIFY aggregate_id   TEXT COLLATE utf8mb4_0900_bin NOT NULL,
  MODIFY type           TEXT NULL,
  ADD COLUMN event_hash BINARY(32) AS (UNHEX(SHA2(event_id, 256))) STORED NOT NULL,
  ADD UNIQUE KEY relay_quarantine_event (name, source_table, event_hash),
  ADD KEY relay_quarantine_aggregate (name, aggregate_type(100), aggregate_id(255), id);
