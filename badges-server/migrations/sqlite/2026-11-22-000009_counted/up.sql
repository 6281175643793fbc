-- On whose quota of which day a list was counted, so that what is never awarded goes back to it.
ALTER TABLE batches ADD COLUMN counted_for BLOB;
ALTER TABLE batches ADD COLUMN counted_on INTEGER;
