-- A bulk award: the file in pieces, how far it is done, and the rows that were refused.
CREATE TABLE batches (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    badge_id BLOB NOT NULL REFERENCES badges (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    note TEXT,
    evidence TEXT,
    mail INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('receiving', 'ready', 'done', 'cancelled')),
    total INTEGER NOT NULL DEFAULT 0,
    next_row INTEGER NOT NULL DEFAULT 0,
    awarded INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    leased_by BLOB,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
CREATE INDEX batches_organisation ON batches (organisation_id, id);
CREATE INDEX batches_open ON batches (id) WHERE state = 'ready';

CREATE TABLE batch_pieces (
    batch_id BLOB NOT NULL REFERENCES batches (id),
    first_row INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (batch_id, first_row)
) STRICT;

CREATE TABLE batch_refusals (
    batch_id BLOB NOT NULL REFERENCES batches (id),
    batch_row INTEGER NOT NULL,
    line INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (batch_id, batch_row)
) STRICT;

-- Nobody gets the badge of one list twice. It is the identity that counts: contacts may be merged.
CREATE UNIQUE INDEX awards_batch_identity ON awards (batch_id, identity_id) WHERE batch_id IS NOT NULL;
