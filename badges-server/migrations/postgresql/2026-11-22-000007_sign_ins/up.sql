-- Sign-ins that are on their way to a provider and back: each comes back once, to the browser that it left.
CREATE TABLE sign_ins (
    secret_hash BYTEA NOT NULL PRIMARY KEY,
    provider TEXT COLLATE "C" NOT NULL,
    account_id UUID REFERENCES accounts (id),
    next TEXT COLLATE "C",
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_expires ON sign_ins (expires_at);
