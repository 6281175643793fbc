DROP INDEX credentials_key;
DROP INDEX awards_awarded_by;
DROP INDEX awards_claimed_once;
DROP INDEX awards_external;
ALTER TABLE awards DROP COLUMN external_id;
