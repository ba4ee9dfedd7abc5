-- Entries that say different things about the same matter, and how far an organization's entries were compared.

-- Everything is compared up to `compared_version` of the knowledge; behind it, in the order of revisions, entries and passages, up to
-- the passage at `revision`, `entry_id`, `ordinal`. The lease is as that of `embedding_moves`.
CREATE TABLE knowledge_comparisons (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    compared_version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    entry_id BLOB NOT NULL CHECK (length(entry_id) = 16),
    ordinal INTEGER NOT NULL,
    lease_owner TEXT NOT NULL,
    lease_expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    PRIMARY KEY (organization_id)
) STRICT;

-- A pair has one order, that of the ids. `digest` is that of the two sentences: a conflict that is found again is the same one.
CREATE TABLE knowledge_conflicts (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    entry_id BLOB NOT NULL,
    entry_version INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    other_id BLOB NOT NULL,
    other_version INTEGER NOT NULL,
    other_sentence TEXT NOT NULL,
    digest BLOB NOT NULL,
    difference TEXT NOT NULL CHECK (difference IN ('amount', 'duration', 'date', 'time', 'figure', 'denial')),
    found_at INTEGER NOT NULL,
    dismissed_at INTEGER,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, entry_id, other_id, digest),
    FOREIGN KEY (organization_id, entry_id) REFERENCES knowledge_entries (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, other_id) REFERENCES knowledge_entries (organization_id, id) ON DELETE CASCADE,
    CHECK (entry_id < other_id)
) STRICT;
CREATE INDEX knowledge_conflicts_newest ON knowledge_conflicts (organization_id, found_at DESC, id DESC);
CREATE INDEX knowledge_conflicts_of_other ON knowledge_conflicts (organization_id, other_id);
