-- What the installation is: public_url, fixed by the first award; the id of the key-encryption key.
CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One row that grows with each change that other servers keep in memory.
CREATE TABLE changes (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    counter INTEGER NOT NULL
) STRICT;
INSERT INTO changes (id, counter) VALUES (1, 0);

CREATE TABLE images (
    hash TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/svg+xml')),
    bytes BLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The one hierarchy. `path` holds the ids from the root down, each with a slash behind it, so that a subtree is a range.
CREATE TABLE issuers (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    parent_id BLOB REFERENCES issuers (id),
    kind TEXT NOT NULL CHECK (kind IN ('organisation', 'issuer', 'programme')),
    path TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    url TEXT,
    email TEXT,
    image_hash TEXT REFERENCES images (hash),
    position INTEGER NOT NULL DEFAULT 0,
    owners INTEGER NOT NULL DEFAULT 0 CHECK (owners >= 0),
    archived_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((kind = 'organisation') = (parent_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX issuers_path ON issuers (path);
CREATE INDEX issuers_parent ON issuers (parent_id);

-- Ed25519 keys of the nodes that sign. The table, not the published document, holds the dates.
CREATE TABLE keys (
    id BLOB NOT NULL PRIMARY KEY,
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    public TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    sealed_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    compromised_at INTEGER,
    revoked_at INTEGER,
    CHECK ((compromised_at IS NULL) = (revoked_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX keys_signing ON keys (issuer_id) WHERE retired_at IS NULL;

CREATE TABLE contacts (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'organisation')),
    display_name TEXT,
    given_name TEXT,
    family_name TEXT,
    locale TEXT,
    country TEXT,
    search_name TEXT,
    do_not_contact INTEGER NOT NULL DEFAULT 0,
    merged_into BLOB REFERENCES contacts (id),
    erased_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX contacts_organisation ON contacts (organisation_id, id);
CREATE INDEX contacts_search_name ON contacts (organisation_id, search_name, id);

-- How a person is known: an e-mail address, a subject of an OIDC provider, a DID. This is the point that races.
CREATE TABLE identities (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    address TEXT,
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    is_primary INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'bouncing', 'complained', 'invalid')),
    verified_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identities_subject ON identities (organisation_id, source, subject);
CREATE INDEX identities_contact ON identities (contact_id);

CREATE TABLE external_links (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    connector TEXT NOT NULL,
    external_id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'linked' CHECK (state IN ('linked', 'merged_remote', 'gone', 'erased')),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX external_links_external ON external_links (organisation_id, connector, external_id);
CREATE INDEX external_links_contact ON external_links (contact_id);

CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    contact_id BLOB NOT NULL UNIQUE REFERENCES contacts (id),
    disabled_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_organisation ON accounts (organisation_id, id);

CREATE TABLE roles (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    account_id BLOB NOT NULL REFERENCES accounts (id),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    role TEXT NOT NULL
        CHECK (role IN ('owner', 'administrator', 'designer', 'mentor', 'reviewer', 'steward', 'viewer')),
    granted_by BLOB REFERENCES accounts (id),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX roles_once ON roles (account_id, issuer_id, role);
CREATE INDEX roles_issuer ON roles (issuer_id);

CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    client TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE api_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_on INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX api_tokens_account ON api_tokens (account_id);

CREATE TABLE badges (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    slug TEXT NOT NULL,
    track TEXT CHECK (track IN ('teach', 'build', 'organise', 'learn')),
    newest INTEGER,
    held_once INTEGER NOT NULL DEFAULT 0,
    award_limit INTEGER CHECK (award_limit > 0),
    awarded INTEGER NOT NULL DEFAULT 0 CHECK (award_limit IS NULL OR awarded <= award_limit),
    undo_seconds INTEGER NOT NULL DEFAULT 0 CHECK (undo_seconds BETWEEN 0 AND 604800),
    suspendable INTEGER NOT NULL DEFAULT 1,
    hosted_ob2 INTEGER NOT NULL DEFAULT 0,
    visibility TEXT NOT NULL DEFAULT 'link' CHECK (visibility IN ('public', 'link', 'private')),
    rights_level INTEGER NOT NULL DEFAULT 0 CHECK (rights_level BETWEEN 0 AND 9),
    position INTEGER NOT NULL DEFAULT 0,
    archived_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX badges_issuer ON badges (issuer_id);
CREATE INDEX badges_organisation ON badges (organisation_id, id);
CREATE INDEX badges_granting ON badges (organisation_id, rights_level) WHERE rights_level > 0;

-- What a credential says of its badge. A published version never changes; signing_id is who signs its awards.
CREATE TABLE badge_versions (
    badge_id BLOB NOT NULL REFERENCES badges (id),
    number INTEGER NOT NULL CHECK (number > 0),
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    image_hash TEXT REFERENCES images (hash),
    signing_id BLOB REFERENCES issuers (id),
    achievement TEXT,
    edited_by BLOB REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    PRIMARY KEY (badge_id, number),
    CHECK ((published_at IS NULL) = (achievement IS NULL)),
    CHECK ((published_at IS NULL) = (signing_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX badge_versions_draft ON badge_versions (badge_id) WHERE published_at IS NULL;

CREATE TABLE badge_shares (
    badge_id BLOB NOT NULL REFERENCES badges (id),
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    PRIMARY KEY (badge_id, issuer_id)
) STRICT;
CREATE INDEX badge_shares_issuer ON badge_shares (issuer_id);

CREATE TABLE badge_prerequisites (
    badge_id BLOB NOT NULL REFERENCES badges (id),
    required_id BLOB NOT NULL REFERENCES badges (id),
    PRIMARY KEY (badge_id, required_id),
    CHECK (badge_id <> required_id)
) STRICT;

-- Where a badge gives fewer rights than its level would: only over these.
CREATE TABLE badge_grants (
    id BLOB NOT NULL PRIMARY KEY,
    badge_id BLOB NOT NULL REFERENCES badges (id),
    issuer_id BLOB REFERENCES issuers (id),
    granted_badge_id BLOB REFERENCES badges (id),
    CHECK ((issuer_id IS NULL) <> (granted_badge_id IS NULL))
) STRICT;
CREATE INDEX badge_grants_badge ON badge_grants (badge_id);

-- A slug is used once and answers for ever.
CREATE TABLE slugs (
    kind TEXT NOT NULL CHECK (kind IN ('badge', 'issuer')),
    slug TEXT NOT NULL,
    badge_id BLOB REFERENCES badges (id),
    issuer_id BLOB REFERENCES issuers (id),
    retired_at INTEGER,
    PRIMARY KEY (kind, slug),
    CHECK ((kind = 'badge') = (badge_id IS NOT NULL)),
    CHECK ((kind = 'issuer') = (issuer_id IS NOT NULL))
) STRICT;

-- Revocation and suspension of one place are published at two addresses. `taken` counts places given to servers.
CREATE TABLE status_lists (
    id BLOB NOT NULL PRIMARY KEY,
    suspension_id BLOB NOT NULL UNIQUE,
    issuer_id BLOB NOT NULL REFERENCES issuers (id),
    size INTEGER NOT NULL CHECK (size >= 131072),
    taken INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0 AND taken <= size / 2),
    seed BLOB NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX status_lists_issuer ON status_lists (issuer_id, id);

CREATE TABLE claim_codes (
    code_hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    badge_id BLOB NOT NULL REFERENCES badges (id),
    created_by BLOB NOT NULL REFERENCES accounts (id),
    label TEXT NOT NULL,
    evidence TEXT,
    uses INTEGER NOT NULL DEFAULT 0,
    most_uses INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL,
    CHECK (most_uses IS NULL OR uses <= most_uses)
) STRICT;
CREATE INDEX claim_codes_badge ON claim_codes (badge_id, id);

CREATE TABLE awards (
    id BLOB NOT NULL PRIMARY KEY,
    public_id BLOB NOT NULL UNIQUE,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    badge_id BLOB NOT NULL,
    badge_version INTEGER NOT NULL,
    signing_id BLOB NOT NULL REFERENCES issuers (id),
    contact_id BLOB NOT NULL REFERENCES contacts (id),
    identity_id BLOB NOT NULL REFERENCES identities (id),
    recipient TEXT,
    state TEXT NOT NULL CHECK (state IN
        ('draft', 'scheduled', 'issued', 'suspended', 'revoked', 'superseded', 'cancelled')),
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'link', 'private')),
    held_once INTEGER NOT NULL,
    note TEXT,
    evidence TEXT,
    results TEXT,
    awarded_by BLOB REFERENCES accounts (id),
    claim_code_id BLOB,
    batch_id BLOB,
    batch_row INTEGER,
    list_id BLOB REFERENCES status_lists (id),
    list_index INTEGER,
    supersedes_id BLOB REFERENCES awards (id),
    reason TEXT,
    issue_at INTEGER NOT NULL,
    expires_at INTEGER,
    claimed_at INTEGER,
    state_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    FOREIGN KEY (badge_id, badge_version) REFERENCES badge_versions (badge_id, number)
) STRICT;
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
    award_id BLOB NOT NULL REFERENCES awards (id),
    format TEXT NOT NULL CHECK (format IN ('vc', 'jwt')),
    text TEXT NOT NULL,
    key_id BLOB NOT NULL REFERENCES keys (id),
    signed_at INTEGER NOT NULL,
    PRIMARY KEY (award_id, format)
) STRICT;

-- Links that act once: sign in, take an award into one's account. Only the hash of a token is kept.
CREATE TABLE links (
    token_hash BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'claim_award', 'claim_code')),
    identity_id BLOB NOT NULL REFERENCES identities (id),
    award_id BLOB REFERENCES awards (id),
    claim_code_id BLOB,
    minted_by BLOB REFERENCES accounts (id),
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX links_expires ON links (expires_at);

-- A message is a template's name and references: the courier renders it when it leaves.
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL REFERENCES issuers (id),
    receiver TEXT NOT NULL,
    template TEXT NOT NULL,
    identity_id BLOB REFERENCES identities (id),
    award_id BLOB REFERENCES awards (id),
    claim_code_id BLOB,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'leased', 'kept', 'done', 'dead', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    leased_by BLOB,
    lease_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (next_at) WHERE state IN ('queued', 'leased');
CREATE INDEX outbox_organisation ON outbox (organisation_id, id);
CREATE INDEX outbox_award ON outbox (award_id);

-- Append-only. Each commit of a group adds one link: the hash of the one before and of the rows of the group.
CREATE TABLE audit_links (
    sequence INTEGER NOT NULL PRIMARY KEY,
    previous BLOB NOT NULL,
    root BLOB NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    sequence INTEGER NOT NULL,
    position INTEGER NOT NULL,
    organisation_id BLOB,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (sequence, position)
) STRICT;
CREATE INDEX audit_object ON audit (object, sequence);
CREATE INDEX audit_organisation ON audit (organisation_id, sequence, position);

CREATE TABLE idempotency_keys (
    scope_hash BLOB NOT NULL PRIMARY KEY,
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- What one holder has used of a quota on one day (days since 1970).
CREATE TABLE quotas (
    holder BLOB NOT NULL,
    name TEXT NOT NULL,
    day INTEGER NOT NULL,
    used INTEGER NOT NULL CHECK (used >= 0),
    PRIMARY KEY (holder, name, day)
) STRICT;

CREATE TRIGGER audit_links_no_update BEFORE UPDATE ON audit_links
BEGIN
    SELECT RAISE(ABORT, 'the audit log only grows');
END;

CREATE TRIGGER audit_links_no_delete BEFORE DELETE ON audit_links
BEGIN
    SELECT RAISE(ABORT, 'the audit log only grows');
END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log only grows');
END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log only grows');
END;

CREATE TRIGGER badge_versions_fixed BEFORE UPDATE ON badge_versions WHEN OLD.published_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a published version never changes');
END;
