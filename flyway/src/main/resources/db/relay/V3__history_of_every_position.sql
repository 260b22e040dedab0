-- Every stored position has a line; those that were stored in passing leave again, so that the table stays small.
ALTER TABLE relay_offset_history
  ADD COLUMN kept_until TIMESTAMP(6) NULL COMMENT 'deleted after that; NULL: one of the lines that stay',
  ADD KEY relay_offset_history_by_time (name, kept_until);
