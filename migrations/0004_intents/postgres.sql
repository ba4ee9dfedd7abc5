-- Intents, and the phrases that teach them with their places in meaning.

CREATE TABLE ai.intents (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    id uuid NOT NULL,
    name text NOT NULL,
    display_name text,
    description text,
    response_templates jsonb NOT NULL,
    enabled boolean NOT NULL,
    usage_count bigint NOT NULL CHECK (usage_count >= 0),
    version bigint NOT NULL CHECK (version > 0),
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT intents_name UNIQUE (organization_id, name)
);
CREATE INDEX intents_newest ON ai.intents (organization_id, created_at DESC, id DESC);
CALL core.protect('ai.intents');

-- `embedding`: 32-bit floats, little endian. All of an organization's are read at once; none is searched for here.
CREATE TABLE ai.intent_phrases (
    organization_id uuid NOT NULL,
    intent_id uuid NOT NULL,
    ordinal bigint NOT NULL CHECK (ordinal >= 0),
    phrase text NOT NULL,
    embedding bytea NOT NULL,
    PRIMARY KEY (organization_id, intent_id, ordinal),
    FOREIGN KEY (organization_id, intent_id) REFERENCES ai.intents (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE ai.intent_phrases ALTER embedding SET STORAGE EXTERNAL;
CALL core.protect('ai.intent_phrases');
