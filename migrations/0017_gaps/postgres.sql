-- Questions that the knowledge did not answer, personal data taken out: what its editors see as gaps.
CREATE TABLE ai.unanswered_questions (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    question text NOT NULL,
    language text,
    embedding bytea NOT NULL,
    embedding_model text NOT NULL,
    knowledge_version bigint NOT NULL,
    asked_at bigint NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES core.conversations (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE ai.unanswered_questions ALTER embedding SET STORAGE PLAIN;
CREATE INDEX unanswered_questions_latest ON ai.unanswered_questions (organization_id, asked_at DESC, id DESC);
CREATE INDEX unanswered_questions_of_conversation ON ai.unanswered_questions (organization_id, conversation_id);
CALL core.protect('ai.unanswered_questions');
