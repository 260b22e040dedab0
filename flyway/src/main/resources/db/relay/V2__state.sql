-- What each relay says that it is doing, whether it holds the lease or not. For people: nothing is decided by it.
CREATE TABLE relay_state (
  name    VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  owner   VARCHAR(255)  NOT NULL COMMENT 'as in relay_lease',
  state   VARCHAR(16)   CHARACTER SET ascii NOT NULL COMMENT 'STANDBY, STARTING, SNAPSHOT, STREAMING, BLOCKED, BACKOFF, STOPPED',
  reason  VARCHAR(1000) NOT NULL,
  since   TIMESTAMP(6)  NOT NULL,
  said_at TIMESTAMP(6)  NOT NULL COMMENT 'said again every few seconds; long ago, it is of a relay that was killed or cut off',
  PRIMARY KEY (name, owner)
);
