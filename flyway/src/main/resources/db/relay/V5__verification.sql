-- Up to which time of writing it has been looked whether the consumer has what stands in an outbox table.
CREATE TABLE relay_verification (
  name         VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_table VARCHAR(130) COLLATE utf8mb4_0900_bin NOT NULL,
  verified_to  TIMESTAMP(6) NOT NULL,
  PRIMARY KEY (name, source_table)
);

-- Events that the consumer was not done with in time, and those that were dropped by hand, which it never will have.
CREATE TABLE relay_unconfirmed (
  id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name         VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_table VARCHAR(130) COLLATE utf8mb4_0900_bin NOT NULL,
  event_id     VARCHAR(255) COLLATE utf8mb4_0900_bin NOT NULL,
  written_at   TIMESTAMP(6) NULL COMMENT 'as its row says: the janitor leaves it and what is younger alone while it is driven',
  found_at     TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  redriven     INT          NOT NULL DEFAULT 0 COMMENT 'how often the broker has confirmed it again',
  tried_at     TIMESTAMP(6) NULL COMMENT 'when it was last begun to publish it again',
  given_up     BOOLEAN      NOT NULL DEFAULT FALSE COMMENT 'missing: not confirmed after all tries',
  dropped      BOOLEAN      NOT NULL DEFAULT FALSE,
  UNIQUE KEY relay_unconfirmed_event (name, source_table, event_id)
);
