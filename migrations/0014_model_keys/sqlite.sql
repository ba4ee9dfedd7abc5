-- Organizations' own keys for language models, sealed. A turn reads the organization anyway, and so learns whether they have
-- changed.

ALTER TABLE organizations ADD model_keys_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE model_keys (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    model TEXT NOT NULL,
    sealed TEXT NOT NULL,
    last_four TEXT NOT NULL,
    base_url TEXT,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, model)
) STRICT;
