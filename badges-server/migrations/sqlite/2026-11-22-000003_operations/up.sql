-- What signing an award later needs besides its row, and which server is about to do it.
CREATE TABLE scheduled_awards (
    award_id BLOB NOT NULL PRIMARY KEY REFERENCES awards (id),
    did TEXT,
    mail INTEGER NOT NULL,
    leased_by BLOB,
    lease_until INTEGER
) STRICT;

-- The operator's numbers and the clean-up find their rows without reading the others.
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_ended ON outbox (done_at) WHERE state IN ('done', 'cancelled');
