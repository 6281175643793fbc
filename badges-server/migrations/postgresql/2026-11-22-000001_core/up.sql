-- What the installation is: public_url, fixed by the first award; the id of the key-encryption key.
CREATE TABLE installation (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- One row that grows with each change that other servers keep in memory.
CREATE TABLE changes (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    counter BIGINT NOT NULL
);
INSERT INTO changes (id, counter) VALUES (1, 0);

CREATE TABLE images (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    media_type TEXT COLLATE "C" NOT NULL CHECK (media_type IN ('image/png', 'image/svg+xml')),
    bytes BYTEA NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at BIGINT NOT NULL
);

-- The one hierarchy. `path` holds the ids from the root down, each with a slash behind it, so that a subtree is a range.
CREATE TABLE issuers (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    parent_id UUID REFERENCES issuers (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('organisation', 'issuer', 'programme')),
    path TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    url TEXT COLLATE "C",
    email TEXT COLLATE "C",
    image_hash TEXT COLLATE "C" REFERENCES images (hash),
    position INTEGER NOT NULL DEFAULT 0,
    owners INTEGER NOT NULL DEFAULT 0 CHECK (owners >= 0),
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((kind = 'organisation') = (parent_id IS NULL))
);
CREATE UNIQUE INDEX issuers_path ON issuers (path);
CREATE INDEX issuers_parent ON issuers (parent_id);

-- Ed25519 keys of the nodes that sign. The table, not the published document, holds the dates.
CREATE TABLE keys (
    id UUID NOT NULL PRIMARY KEY,
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    public TEXT COLLATE "C" NOT NULL UNIQUE,
    sealed BYTEA NOT NULL,
    sealed_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    compromised_at BIGINT,
    revoked_at BIGINT,
    CHECK ((compromised_at IS NULL) = (revoked_at IS NULL))
);
CREATE UNIQUE INDEX keys_signing ON keys (issuer_id) WHERE retired_at IS NULL;

CREATE TABLE contacts (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    kind TEXT COLLATE "C" NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'organisation')),
    display_name TEXT COLLATE "C",
    given_name TEXT COLLATE "C",
    family_name TEXT COLLATE "C",
    locale TEXT COLLATE "C",
    country TEXT COLLATE "C",
    search_name TEXT COLLATE "C",
    do_not_contact BOOLEAN NOT NULL DEFAULT FALSE,
    merged_into UUID REFERENCES contacts (id),
    erased_at BIGINT,
    created_at BIGINT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX contacts_organisation ON contacts (organisation_id, id);
CREATE INDEX contacts_search_name ON contacts (organisation_id, search_name, id);

-- How a person is known: an e-mail address, a subject of an OIDC provider, a DID. This is the point that races.
CREATE TABLE identities (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    source TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C",
    contact_id UUID NOT NULL REFERENCES contacts (id),
    is_primary BOOLEAN NOT NULL DEFAULT FALSE,
    status TEXT COLLATE "C" NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'bouncing', 'complained', 'invalid')),
    verified_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identities_subject ON identities (organisation_id, source, subject);
CREATE INDEX identities_contact ON identities (contact_id);

CREATE TABLE external_links (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    contact_id UUID NOT NULL REFERENCES contacts (id),
    connector TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL DEFAULT 'linked' CHECK (state IN ('linked', 'merged_remote', 'gone', 'erased')),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX external_links_external ON external_links (organisation_id, connector, external_id);
CREATE INDEX external_links_contact ON external_links (contact_id);

CREATE TABLE accounts (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    contact_id UUID NOT NULL UNIQUE REFERENCES contacts (id),
    disabled_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX accounts_organisation ON accounts (organisation_id, id);

CREATE TABLE roles (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    account_id UUID NOT NULL REFERENCES accounts (id),
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    role TEXT COLLATE "C" NOT NULL
        CHECK (role IN ('owner', 'administrator', 'designer', 'mentor', 'reviewer', 'steward', 'viewer')),
    granted_by UUID REFERENCES accounts (id),
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_once ON roles (account_id, issuer_id, role);
CREATE INDEX roles_issuer ON roles (issuer_id);

CREATE TABLE sessions (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    account_id UUID NOT NULL REFERENCES accounts (id),
    client TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE api_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    account_id UUID NOT NULL REFERENCES accounts (id),
    name TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    used_on INTEGER,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_tokens_account ON api_tokens (account_id);

CREATE TABLE badges (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    slug TEXT COLLATE "C" NOT NULL,
    track TEXT COLLATE "C" CHECK (track IN ('teach', 'build', 'organise', 'learn')),
    newest INTEGER,
    held_once BOOLEAN NOT NULL DEFAULT FALSE,
    award_limit INTEGER CHECK (award_limit > 0),
    awarded INTEGER NOT NULL DEFAULT 0 CHECK (award_limit IS NULL OR awarded <= award_limit),
    undo_seconds INTEGER NOT NULL DEFAULT 0 CHECK (undo_seconds BETWEEN 0 AND 604800),
    suspendable BOOLEAN NOT NULL DEFAULT TRUE,
    hosted_ob2 BOOLEAN NOT NULL DEFAULT FALSE,
    visibility TEXT COLLATE "C" NOT NULL DEFAULT 'link' CHECK (visibility IN ('public', 'link', 'private')),
    rights_level INTEGER NOT NULL DEFAULT 0 CHECK (rights_level BETWEEN 0 AND 9),
    position INTEGER NOT NULL DEFAULT 0,
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX badges_issuer ON badges (issuer_id);
CREATE INDEX badges_organisation ON badges (organisation_id, id);
CREATE INDEX badges_granting ON badges (organisation_id, rights_level) WHERE rights_level > 0;

-- What a credential says of its badge. A published version never changes; signing_id is who signs its awards.
CREATE TABLE badge_versions (
    badge_id UUID NOT NULL REFERENCES badges (id),
    number INTEGER NOT NULL CHECK (number > 0),
    name TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    image_hash TEXT COLLATE "C" REFERENCES images (hash),
    signing_id UUID REFERENCES issuers (id),
    achievement TEXT COLLATE "C",
    edited_by UUID REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    published_at BIGINT,
    PRIMARY KEY (badge_id, number),
    CHECK ((published_at IS NULL) = (achievement IS NULL)),
    CHECK ((published_at IS NULL) = (signing_id IS NULL))
);
CREATE UNIQUE INDEX badge_versions_draft ON badge_versions (badge_id) WHERE published_at IS NULL;

CREATE TABLE badge_shares (
    badge_id UUID NOT NULL REFERENCES badges (id),
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    PRIMARY KEY (badge_id, issuer_id)
);
CREATE INDEX badge_shares_issuer ON badge_shares (issuer_id);

CREATE TABLE badge_prerequisites (
    badge_id UUID NOT NULL REFERENCES badges (id),
    required_id UUID NOT NULL REFERENCES badges (id),
    PRIMARY KEY (badge_id, required_id),
    CHECK (badge_id <> required_id)
);

-- Where a badge gives fewer rights than its level would: only over these.
CREATE TABLE badge_grants (
    id UUID NOT NULL PRIMARY KEY,
    badge_id UUID NOT NULL REFERENCES badges (id),
    issuer_id UUID REFERENCES issuers (id),
    granted_badge_id UUID REFERENCES badges (id),
    CHECK ((issuer_id IS NULL) <> (granted_badge_id IS NULL))
);
CREATE INDEX badge_grants_badge ON badge_grants (badge_id);

-- A slug is used once and answers for ever.
CREATE TABLE slugs (
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('badge', 'issuer')),
    slug TEXT COLLATE "C" NOT NULL,
    badge_id UUID REFERENCES badges (id),
    issuer_id UUID REFERENCES issuers (id),
    retired_at BIGINT,
    PRIMARY KEY (kind, slug),
    CHECK ((kind = 'badge') = (badge_id IS NOT NULL)),
    CHECK ((kind = 'issuer') = (issuer_id IS NOT NULL))
);

-- Revocation and suspension of one place are published at two addresses. `taken` counts places given to servers.
CREATE TABLE status_lists (
    id UUID NOT NULL PRIMARY KEY,
    suspension_id UUID NOT NULL UNIQUE,
    issuer_id UUID NOT NULL REFERENCES issuers (id),
    size INTEGER NOT NULL CHECK (size >= 131072),
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0 AND taken <= size / 2),
    seed BYTEA NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    changed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX status_lists_issuer ON status_lists (issuer_id, id);

CREATE TABLE claim_codes (
    code_hash BYTEA NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    badge_id UUID NOT NULL REFERENCES badges (id),
    created_by UUID NOT NULL REFERENCES accounts (id),
    label TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C",
    uses INTEGER NOT NULL DEFAULT 0,
    most_uses INTEGER,
    expires_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK (most_uses IS NULL OR uses <= most_uses)
);
CREATE INDEX claim_codes_badge ON claim_codes (badge_id, id);

CREATE TABLE awards (
    id UUID NOT NULL PRIMARY KEY,
    public_id UUID NOT NULL UNIQUE,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    badge_id UUID NOT NULL,
    badge_version INTEGER NOT NULL,
    signing_id UUID NOT NULL REFERENCES issuers (id),
    contact_id UUID NOT NULL REFERENCES contacts (id),
    identity_id UUID NOT NULL REFERENCES identities (id),
    recipient TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL CHECK (state IN
        ('draft', 'scheduled', 'issued', 'suspended', 'revoked', 'superseded', 'cancelled')),
    visibility TEXT COLLATE "C" NOT NULL CHECK (visibility IN ('public', 'link', 'private')),
    held_once BOOLEAN NOT NULL,
    note TEXT COLLATE "C",
    evidence TEXT COLLATE "C",
    results TEXT COLLATE "C",
    awarded_by UUID REFERENCES accounts (id),
    claim_code_id UUID,
    batch_id UUID,
    batch_row INTEGER,
    list_id UUID REFERENCES status_lists (id),
    list_index INTEGER,
    supersedes_id UUID REFERENCES awards (id),
    reason TEXT COLLATE "C",
    issue_at BIGINT NOT NULL,
    expires_at BIGINT,
    claimed_at BIGINT,
    state_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    FOREIGN KEY (badge_id, badge_version) REFERENCES badge_versions (badge_id, number)
);
CREATE UNIQUE INDEX awards_held_once ON awards (badge_id, contact_id)
    WHERE held_once AND state NOT IN ('revoked', 'cancelled', 'superseded');
CREATE UNIQUE INDEX awards_list_index ON awards (list_id, list_index);
CREATE UNIQUE INDEX awards_batch_row ON awards (batch_id, batch_row) WHERE batch_id IS NOT NULL;
CREATE UNIQUE INDEX awards_supersedes ON awards (supersedes_id) WHERE supersedes_id IS NOT NULL;
CREATE INDEX awards_organisation ON awards (organisation_id, id);
CREATE INDEX awards_badge ON awards (badge_id, id);
CREATE INDEX awards_contact ON awards (contact_id, id);
CREATE INDEX awards_withdrawn ON awards (list_id, list_index) WHERE state IN ('revoked', 'suspended');
CREATE INDEX awards_due ON awards (issue_at) WHERE state = 'scheduled';

-- What was signed, given out byte for byte.
CREATE TABLE credentials (
    award_id UUID NOT NULL REFERENCES awards (id),
    format TEXT COLLATE "C" NOT NULL CHECK (format IN ('vc', 'jwt')),
    text TEXT COLLATE "C" NOT NULL,
    key_id UUID NOT NULL REFERENCES keys (id),
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (award_id, format)
);
-- Compressed at a tenth of the processor's time, where this PostgreSQL can.
DO $$ BEGIN
    EXECUTE 'ALTER TABLE credentials ALTER COLUMN text SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR syntax_error THEN NULL;
END $$;

-- Links that act once: sign in, take an award into one's account. Only the hash of a token is kept.
CREATE TABLE links (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    purpose TEXT COLLATE "C" NOT NULL CHECK (purpose IN ('sign_in', 'claim_award', 'claim_code')),
    identity_id UUID NOT NULL REFERENCES identities (id),
    award_id UUID REFERENCES awards (id),
    claim_code_id UUID,
    minted_by UUID REFERENCES accounts (id),
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX links_expires ON links (expires_at);

-- A message is a template's name and references: the courier renders it when it leaves.
CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES issuers (id),
    receiver TEXT COLLATE "C" NOT NULL,
    template TEXT COLLATE "C" NOT NULL,
    identity_id UUID REFERENCES identities (id),
    award_id UUID REFERENCES awards (id),
    claim_code_id UUID,
    state TEXT COLLATE "C" NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'leased', 'kept', 'done', 'dead', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    leased_by UUID,
    lease_until BIGINT,
    last_error TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state IN ('queued', 'leased');
CREATE INDEX outbox_organisation ON outbox (organisation_id, id);
CREATE INDEX outbox_award ON outbox (award_id);

-- Append-only. Each commit of a group adds one link: the hash of the one before and of the rows of the group.
CREATE TABLE audit_links (
    sequence BIGINT NOT NULL PRIMARY KEY,
    previous BYTEA NOT NULL,
    root BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE audit (
    sequence BIGINT NOT NULL,
    position INTEGER NOT NULL,
    organisation_id UUID,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (sequence, position)
);
CREATE INDEX audit_object ON audit (object, sequence);
CREATE INDEX audit_organisation ON audit (organisation_id, sequence, position);

CREATE TABLE idempotency_keys (
    scope_hash BYTEA NOT NULL PRIMARY KEY,
    request_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    location TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- What one holder has used of a quota on one day (days since 1970).
CREATE TABLE quotas (
    holder UUID NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    day INTEGER NOT NULL,
    used INTEGER NOT NULL CHECK (used >= 0),
    PRIMARY KEY (holder, name, day)
);

CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log only grows';
END $$;
CREATE TRIGGER audit_links_only_grow BEFORE UPDATE OR DELETE ON audit_links
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_only_grow BEFORE UPDATE OR DELETE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();

CREATE FUNCTION badge_versions_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version never changes';
END $$;
CREATE TRIGGER badge_versions_fixed BEFORE UPDATE ON badge_versions
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION badge_versions_fixed();
