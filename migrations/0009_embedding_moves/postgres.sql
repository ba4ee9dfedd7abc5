-- Vectors of a second embedding model beside those that answer, so that an organization can move from one to the other:
-- docs/adr/0009-two-places-for-a-vector.md.

-- `embedding_model` made the vectors that answer; empty: not told apart yet, by the model in use. `vectors_beside` says in
-- which of the two places of a passage they are. `embedding_model_beside` has the other place; empty: nobody.
-- `vectors_missing`: a process that has not that model wrote something, which words alone find until it is embedded.
ALTER TABLE core.organizations ADD embedding_model text NOT NULL DEFAULT '';
ALTER TABLE core.organizations ADD embedding_model_beside text NOT NULL DEFAULT '';
ALTER TABLE core.organizations ADD embedding_model_since bigint NOT NULL DEFAULT 0;
ALTER TABLE core.organizations ADD vectors_beside boolean NOT NULL DEFAULT false;
ALTER TABLE core.organizations ADD vectors_missing boolean NOT NULL DEFAULT false;

-- `[0]` in a place, or nothing beside, is no vector. Two long vectors may be too much for a page: the second then leaves it.
ALTER TABLE ai.knowledge_passages ADD embedding_beside vector;
ALTER TABLE ai.knowledge_passages ADD sentences_beside bytea;
ALTER TABLE ai.knowledge_passages ALTER embedding_beside SET STORAGE MAIN;
CREATE INDEX knowledge_passages_meaning_beside_384 ON ai.knowledge_passages
    USING hnsw ((embedding_beside::halfvec(384)) halfvec_ip_ops) WHERE vector_dims(embedding_beside) = 384;

ALTER TABLE ai.intent_phrases ADD embedding_beside bytea;
ALTER TABLE ai.intent_phrases ADD embedding_model_beside text NOT NULL DEFAULT '';
ALTER TABLE ai.intent_phrases ALTER embedding_beside SET STORAGE EXTERNAL;

-- Leases. A row stays, so that no attempt has the number of an earlier one.
CREATE TABLE ai.embedding_moves (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    lease_owner text NOT NULL,
    lease_expires_at bigint NOT NULL,
    attempts bigint NOT NULL CHECK (attempts > 0),
    PRIMARY KEY (organization_id)
);
CALL core.protect('ai.embedding_moves');

-- Organizations whose vectors are not all of this model and in their place, that nobody is moving, and that did not get
-- another model after `since_before`. Those that have only to be cleared come last.
CREATE FUNCTION core.directory_unmoved(model text, now_at bigint, since_before bigint, wanted bigint)
    RETURNS TABLE (organization_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.id
    FROM core.organizations o
    LEFT JOIN ai.embedding_moves m ON m.organization_id = o.id
    WHERE ((o.embedding_model <> model AND o.embedding_model_since <= since_before)
           OR (o.embedding_model = model AND (o.embedding_model_beside <> '' OR o.vectors_missing)))
      AND coalesce(m.lease_expires_at, 0) <= now_at
    ORDER BY o.embedding_model = model, o.id
    LIMIT wanted;
END;

-- Organizations that another model answers for.
CREATE FUNCTION core.directory_embedded_otherwise(model text, wanted bigint) RETURNS TABLE (organization_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.id FROM core.organizations o WHERE o.embedding_model <> model LIMIT wanted;
END;

-- As before, among organizations that this model answers for.
CREATE OR REPLACE FUNCTION core.directory_untrained_intents(
    model text, now_at bigint, quiet_before bigint, overdue_before bigint, wanted bigint)
    RETURNS TABLE (organization_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.id
    FROM core.organizations o
    LEFT JOIN ai.intent_heads h ON h.organization_id = o.id AND h.embedding_model = model
    LEFT JOIN ai.intent_trainings t ON t.organization_id = o.id AND t.embedding_model = model
    WHERE o.intents_version > 0 AND o.intents_version > coalesce(h.intents_version, 0)
      AND o.embedding_model IN (model, '')
      AND (o.intents_changed_at <= quiet_before OR coalesce(h.trained_at, o.created_at) <= overdue_before)
      AND coalesce(t.lease_expires_at, 0) <= now_at
    ORDER BY o.intents_changed_at, o.id
    LIMIT wanted;
END;

REVOKE EXECUTE ON FUNCTION core.directory_unmoved, core.directory_embedded_otherwise FROM PUBLIC;
