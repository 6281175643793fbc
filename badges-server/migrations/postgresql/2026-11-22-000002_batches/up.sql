-- A bulk award: the file in pieces, how far it is done, and the rows that were refused.
CREATE TABLE batches (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    badge_id UUID NOT NULL REFERENCES badges (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    name TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C",
    evidence TEXT COLLATE "C",
    mail BOOLEAN NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('receiving', 'ready', 'done', 'cancelled')),
    total INTEGER NOT NULL DEFAULT 0,
    next_row INTEGER NOT NULL DEFAULT 0,
    awarded INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    leased_by UUID,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX batches_organisation ON batches (organisation_id, id);
CREATE INDEX batches_open ON batches (id) WHERE state = 'ready';

CREATE TABLE batch_pieces (
    batch_id UUID NOT NULL REFERENCES batches (id),
    first_row INTEGER NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (batch_id, first_row)
);

CREATE TABLE batch_refusals (
    batch_id UUID NOT NULL REFERENCES batches (id),
    batch_row INTEGER NOT NULL,
    line BIGINT NOT NULL,
    recipient TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (batch_id, batch_row)
);

-- Nobody gets the badge of one list twice. It is the identity that counts: contacts may be merged.
CREATE UNIQUE INDEX awards_batch_identity ON awards (batch_id, identity_id) WHERE batch_id IS NOT NULL;
