-- ascii_bin takes keys for equal that differ only in spaces at their end: the second command would never be carried out.
ALTER TABLE idempotency_keys MODIFY idempotency_key VARCHAR(255) COLLATE utf8mb4_0900_bin NOT NULL;
