-- Intents, and the phrases that teach them with their places in meaning.

CREATE TABLE intents (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    display_name TEXT,
    description TEXT,
    response_templates TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    usage_count INTEGER NOT NULL CHECK (usage_count >= 0),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name)
) STRICT;
CREATE INDEX intents_newest ON intents (organization_id, created_at DESC, id DESC);

-- `embedding`: 32-bit floats, little endian. All of an organization's are read at once; none is searched for here.
CREATE TABLE intent_phrases (
    organization_id BLOB NOT NULL,
    intent_id BLOB NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    phrase TEXT NOT NULL,
    embedding BLOB NOT NULL,
    PRIMARY KEY (organization_id, intent_id, ordinal),
    FOREIGN KEY (organization_id, intent_id) REFERENCES intents (organization_id, id) ON DELETE CASCADE
) STRICT;
