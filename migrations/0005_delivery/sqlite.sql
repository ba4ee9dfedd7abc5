-- What leaves with a commit, and requests that must take effect once. Both are swept when their time is over, and
-- neither is worth a foreign key at every turn.

CREATE TABLE outbox (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    subject BLOB NOT NULL,
    payload TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE INDEX outbox_oldest ON outbox (occurred_at, id);

CREATE TABLE idempotency_keys (
    organization_id BLOB NOT NULL,
    caller TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    result TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, caller, operation, key)
) STRICT;
CREATE INDEX idempotency_keys_oldest ON idempotency_keys (created_at);
