-- Entries that say different things about the same matter, and how far an organization's entries were compared.

-- Everything is compared up to `compared_version` of the knowledge; behind it, in the order of revisions, entries and passages, up to
-- the passage at `revision`, `entry_id`, `ordinal`. The lease is as that of `embedding_moves`.
CREATE TABLE ai.knowledge_comparisons (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    compared_version bigint NOT NULL,
    revision bigint NOT NULL,
    entry_id uuid NOT NULL,
    ordinal bigint NOT NULL,
    lease_owner text NOT NULL,
    lease_expires_at bigint NOT NULL,
    attempts bigint NOT NULL CHECK (attempts > 0),
    PRIMARY KEY (organization_id)
);
CALL core.protect('ai.knowledge_comparisons');

-- A pair has one order, that of the ids. `digest` is that of the two sentences: a conflict that is found again is the same one.
CREATE TABLE ai.knowledge_conflicts (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    id uuid NOT NULL,
    entry_id uuid NOT NULL,
    entry_version bigint NOT NULL,
    sentence text NOT NULL,
    other_id uuid NOT NULL,
    other_version bigint NOT NULL,
    other_sentence text NOT NULL,
    digest bytea NOT NULL,
    difference text NOT NULL CHECK (difference IN ('amount', 'duration', 'date', 'time', 'figure', 'denial')),
    found_at bigint NOT NULL,
    dismissed_at bigint,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, entry_id, other_id, digest),
    FOREIGN KEY (organization_id, entry_id) REFERENCES ai.knowledge_entries (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, other_id) REFERENCES ai.knowledge_entries (organization_id, id) ON DELETE CASCADE,
    CHECK (entry_id < other_id)
);
CREATE INDEX knowledge_conflicts_newest ON ai.knowledge_conflicts (organization_id, found_at DESC, id DESC);
CREATE INDEX knowledge_conflicts_of_other ON ai.knowledge_conflicts (organization_id, other_id);
CALL core.protect('ai.knowledge_conflicts');

-- Organizations that this model answers for, whose knowledge is newer than what was compared of it, and that nobody is comparing.
CREATE FUNCTION core.directory_uncompared(model text, now_at bigint, wanted bigint) RETURNS TABLE (organization_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.id
    FROM core.organizations o
    LEFT JOIN ai.knowledge_comparisons c ON c.organization_id = o.id
    WHERE o.knowledge_version > coalesce(c.compared_version, 0)
      AND o.embedding_model IN (model, '')
      AND coalesce(c.lease_expires_at, 0) <= now_at
    ORDER BY coalesce(c.lease_expires_at, 0), o.id
    LIMIT wanted;
END;

REVOKE EXECUTE ON FUNCTION core.directory_uncompared FROM PUBLIC;
