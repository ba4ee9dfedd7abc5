-- What was trained on each organization's phrases, and who is training.

-- Which model gave a phrase its place: those of different models never meet. Empty: written before this was told apart,
-- by the model in use.
ALTER TABLE ai.intent_phrases ADD embedding_model text NOT NULL DEFAULT '';

-- A turn reads the organization anyway, and so learns whether another head is in force.
ALTER TABLE core.organizations ADD intent_head_version bigint NOT NULL DEFAULT 0;
ALTER TABLE core.organizations ADD intents_changed_at bigint NOT NULL DEFAULT 0;
CREATE INDEX organizations_taught ON core.organizations (id) WHERE intents_version > 0;

-- `head` is empty where there was too little to train on. It is long and comes last: what looks at the rest does not read
-- it.
CREATE TABLE ai.intent_heads (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    embedding_model text NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    intents_version bigint NOT NULL CHECK (intents_version >= 0),
    trained_at bigint NOT NULL,
    took_ms bigint NOT NULL CHECK (took_ms >= 0),
    head bytea,
    PRIMARY KEY (organization_id, embedding_model)
);
ALTER TABLE ai.intent_heads ALTER head SET STORAGE EXTERNAL;
CALL core.protect('ai.intent_heads');

-- Leases. A row stays, so that no attempt has the number of an earlier one.
CREATE TABLE ai.intent_trainings (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    embedding_model text NOT NULL,
    lease_owner text NOT NULL,
    lease_expires_at bigint NOT NULL,
    attempts bigint NOT NULL CHECK (attempts > 0),
    PRIMARY KEY (organization_id, embedding_model)
);
CALL core.protect('ai.intent_trainings');

-- Organizations whose phrases are newer than what was trained on them, and that nobody is training: unchanged since
-- `quiet_before`, or last trained (founded, if never) before `overdue_before`.
CREATE FUNCTION core.directory_untrained_intents(
    model text, now_at bigint, quiet_before bigint, overdue_before bigint, wanted bigint)
    RETURNS TABLE (organization_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT o.id
    FROM core.organizations o
    LEFT JOIN ai.intent_heads h ON h.organization_id = o.id AND h.embedding_model = model
    LEFT JOIN ai.intent_trainings t ON t.organization_id = o.id AND t.embedding_model = model
    WHERE o.intents_version > 0 AND o.intents_version > coalesce(h.intents_version, 0)
      AND (o.intents_changed_at <= quiet_before OR coalesce(h.trained_at, o.created_at) <= overdue_before)
      AND coalesce(t.lease_expires_at, 0) <= now_at
    ORDER BY o.intents_changed_at, o.id
    LIMIT wanted;
END;

REVOKE EXECUTE ON FUNCTION core.directory_untrained_intents FROM PUBLIC;
