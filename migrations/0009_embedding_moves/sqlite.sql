-- Vectors of a second embedding model beside those that answer, so that an organization can move from one to the other:
-- docs/adr/0009-two-places-for-a-vector.md.

-- `embedding_model` made the vectors that answer; empty: not told apart yet, by the model in use. `vectors_beside` says in
-- which of the two places of a passage they are. `embedding_model_beside` has the other place; empty: nobody.
-- `vectors_missing`: a process that has not that model wrote something, which words alone find until it is embedded.
ALTER TABLE organizations ADD embedding_model TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD embedding_model_beside TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD embedding_model_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD vectors_beside INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD vectors_missing INTEGER NOT NULL DEFAULT 0;

-- No bytes in a place, or nothing beside, is no vector.
ALTER TABLE knowledge_passages ADD embedding_beside BLOB;
ALTER TABLE knowledge_passages ADD sentences_beside BLOB;

ALTER TABLE intent_phrases ADD embedding_beside BLOB;
ALTER TABLE intent_phrases ADD embedding_model_beside TEXT NOT NULL DEFAULT '';

-- Leases. A row stays, so that no attempt has the number of an earlier one.
CREATE TABLE embedding_moves (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    lease_owner TEXT NOT NULL,
    lease_expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    PRIMARY KEY (organization_id)
) STRICT;
