-- What was trained on each organization's phrases, and who is training.

-- Which model gave a phrase its place: those of different models never meet. Empty: written before this was told apart,
-- by the model in use.
ALTER TABLE intent_phrases ADD embedding_model TEXT NOT NULL DEFAULT '';

-- A turn reads the organization anyway, and so learns whether another head is in force.
ALTER TABLE organizations ADD intent_head_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD intents_changed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX organizations_taught ON organizations (id) WHERE intents_version > 0;

-- `head` is empty where there was too little to train on. It is long and comes last: what looks at the rest does not read
-- it.
CREATE TABLE intent_heads (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    embedding_model TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    intents_version INTEGER NOT NULL CHECK (intents_version >= 0),
    trained_at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL CHECK (took_ms >= 0),
    head BLOB,
    PRIMARY KEY (organization_id, embedding_model)
) STRICT;

-- Leases. A row stays, so that no attempt has the number of an earlier one.
CREATE TABLE intent_trainings (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    embedding_model TEXT NOT NULL,
    lease_owner TEXT NOT NULL,
    lease_expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    PRIMARY KEY (organization_id, embedding_model)
) STRICT;
