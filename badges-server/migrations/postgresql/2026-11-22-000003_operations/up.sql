-- What signing an award later needs besides its row, and which server is about to do it.
CREATE TABLE scheduled_awards (
    award_id UUID NOT NULL PRIMARY KEY REFERENCES awards (id),
    did TEXT COLLATE "C",
    mail BOOLEAN NOT NULL,
    leased_by UUID,
    lease_until BIGINT
);

-- The operator's numbers and the clean-up find their rows without reading the others.
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
CREATE INDEX outbox_ended ON outbox (done_at) WHERE state IN ('done', 'cancelled');
