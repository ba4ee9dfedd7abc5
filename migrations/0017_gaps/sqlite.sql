-- Questions that the knowledge did not answer, personal data taken out: what its editors see as gaps.
CREATE TABLE unanswered_questions (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    question TEXT NOT NULL,
    language TEXT,
    embedding BLOB NOT NULL,
    embedding_model TEXT NOT NULL,
    knowledge_version INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX unanswered_questions_latest ON unanswered_questions (organization_id, asked_at DESC, id DESC);
CREATE INDEX unanswered_questions_of_conversation ON unanswered_questions (organization_id, conversation_id);
