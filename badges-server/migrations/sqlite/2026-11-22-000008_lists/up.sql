-- Lists of awards take as long with a million as with a thousand: each filter has an index that ends in the order of the
-- list, and begins with the organisation so that it is preferred to that of all awards.
DROP INDEX awards_badge;
CREATE INDEX awards_badge ON awards (organisation_id, badge_id, id);
DROP INDEX awards_awarded_by;
CREATE INDEX awards_awarded_by ON awards (organisation_id, awarded_by, id);
DROP INDEX awards_external;
CREATE INDEX awards_external ON awards (organisation_id, external_id, id) WHERE external_id IS NOT NULL;

-- Few awards are anything else than issued.
CREATE INDEX awards_state ON awards (organisation_id, state, id) WHERE state <> 'issued';
CREATE INDEX awards_badge_state ON awards (organisation_id, badge_id, state, id) WHERE state <> 'issued';
CREATE INDEX awards_awarded_by_state ON awards (organisation_id, awarded_by, state, id) WHERE state <> 'issued';
CREATE INDEX awards_expiring ON awards (organisation_id, id) WHERE expires_at IS NOT NULL;
