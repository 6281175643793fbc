-- What whoever asked for an award calls it.
ALTER TABLE awards ADD COLUMN external_id TEXT;
CREATE INDEX awards_external ON awards (organisation_id, external_id) WHERE external_id IS NOT NULL;

-- A code gives a badge once to each.
CREATE UNIQUE INDEX awards_claimed_once ON awards (claim_code_id, contact_id) WHERE claim_code_id IS NOT NULL;

-- What somebody gave, the newest first.
CREATE INDEX awards_awarded_by ON awards (awarded_by, id);

-- What a key signed.
CREATE INDEX credentials_key ON credentials (key_id, award_id);
