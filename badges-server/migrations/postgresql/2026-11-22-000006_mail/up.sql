-- What somebody waits for at a page leaves before all that was written earlier.
CREATE INDEX outbox_waited_for ON outbox (next_at) WHERE state IN ('queued', 'leased') AND template IN ('sign_in', 'claim_code');
