-- The workers that consume at present, so that they can share the partitions evenly. A row that is not renewed is a
-- worker that has gone.
CREATE TABLE workers (
  consumer   VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  worker     VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  joined_at  TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  seen_at    TIMESTAMP(6) NOT NULL,
  PRIMARY KEY (consumer, worker)
);
