ALTER TABLE batches DROP COLUMN counted_on;
ALTER TABLE batches DROP COLUMN counted_for;
