-- Sign-ins that are on their way to a provider and back: each comes back once, to the browser that it left.
CREATE TABLE sign_ins (
    secret_hash BLOB NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    account_id BLOB REFERENCES accounts (id),
    next TEXT,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ins_expires ON sign_ins (expires_at);
