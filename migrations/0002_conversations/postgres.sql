-- The talk: conversations, messages, turns with their evidence, and calls for a person.
-- Foreign keys carry the organization, so that no row points into another one.

CREATE TABLE core.conversations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_number bigint NOT NULL CHECK (conversation_number > 0),
    user_id uuid NOT NULL,
    customer_external_id text NOT NULL,
    channel text NOT NULL
        CHECK (channel IN ('web', 'mobile', 'email', 'slack', 'teams', 'api', 'phone', 'sms')),
    status text NOT NULL
        CHECK (status IN ('initialized', 'active', 'waiting_for_user', 'waiting_for_agent', 'processing', 'escalated',
                          'resolved', 'abandoned', 'archived')),
    priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 5),
    assigned_agent_id uuid,
    title text,
    title_search text,
    tags jsonb NOT NULL,
    message_count bigint NOT NULL CHECK (message_count >= 0),
    user_message_count bigint NOT NULL CHECK (user_message_count >= 0),
    ai_message_count bigint NOT NULL CHECK (ai_message_count >= 0),
    agent_message_count bigint NOT NULL CHECK (agent_message_count >= 0),
    ai_confidence_sum double precision NOT NULL,
    ai_confidence_min real,
    ai_fallback_count bigint NOT NULL CHECK (ai_fallback_count >= 0),
    sentiment_current text
        CHECK (sentiment_current IN ('very_negative', 'negative', 'neutral', 'positive', 'very_positive')),
    emotion_trajectory jsonb NOT NULL,
    escalated boolean NOT NULL,
    escalation_reason text,
    escalation_count bigint NOT NULL CHECK (escalation_count >= 0),
    resolved boolean NOT NULL,
    resolution_type text CHECK (resolution_type IN ('automated', 'human', 'abandoned')),
    resolution_code text,
    resolution_summary text,
    satisfaction_score smallint CHECK (satisfaction_score BETWEEN 1 AND 5),
    satisfaction_feedback text,
    nps_score smallint CHECK (nps_score BETWEEN 0 AND 10),
    current_topic text,
    topic_stack jsonb NOT NULL,
    salesforce_case_id text,
    metadata jsonb NOT NULL,
    version bigint NOT NULL,
    started_at bigint NOT NULL,
    last_activity_at bigint NOT NULL,
    first_response_at bigint,
    ended_at bigint,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT conversations_number UNIQUE (organization_id, conversation_number),
    FOREIGN KEY (organization_id, user_id) REFERENCES core.users (organization_id, id),
    FOREIGN KEY (organization_id, assigned_agent_id) REFERENCES core.users (organization_id, id)
);
CREATE INDEX conversations_newest ON core.conversations (organization_id, started_at DESC, id DESC);
CREATE INDEX conversations_of_status ON core.conversations (organization_id, status, started_at DESC, id DESC);
CREATE INDEX conversations_of_customer ON core.conversations (organization_id, user_id, started_at DESC, id DESC);
CREATE INDEX conversations_of_agent ON core.conversations (organization_id, assigned_agent_id, started_at DESC, id DESC)
    WHERE assigned_agent_id IS NOT NULL;
CALL core.protect('core.conversations');

CREATE TABLE core.messages (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    reply_to uuid,
    sender_type text NOT NULL CHECK (sender_type IN ('user', 'ai_agent', 'human_agent', 'system')),
    sender_id text,
    sender_name text,
    content text NOT NULL,
    content_type text NOT NULL
        CHECK (content_type IN ('text', 'html', 'markdown', 'code', 'image', 'file', 'audio', 'video')),
    attachments jsonb NOT NULL,
    citations jsonb NOT NULL,
    metadata jsonb NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT messages_seq UNIQUE (organization_id, conversation_id, seq),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES core.conversations (organization_id, id),
    FOREIGN KEY (organization_id, reply_to) REFERENCES core.messages (organization_id, id)
);
CREATE UNIQUE INDEX messages_reply_to ON core.messages (organization_id, reply_to) WHERE reply_to IS NOT NULL;
CALL core.protect('core.messages');

CREATE TABLE core.turns (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    message_id uuid NOT NULL,
    message_seq bigint NOT NULL CHECK (message_seq > 0),
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done')),
    lease_owner text,
    lease_expires_at bigint,
    attempts bigint NOT NULL CHECK (attempts >= 0),
    created_at bigint NOT NULL,
    outcome text CHECK (outcome IN ('answered', 'clarify', 'unknown', 'handed_over')),
    completed_at bigint,
    result jsonb,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT turns_message UNIQUE (organization_id, message_id),
    CONSTRAINT turns_lease CHECK ((state = 'running') = (lease_owner IS NOT NULL)
                                  AND (state = 'running') = (lease_expires_at IS NOT NULL)),
    CONSTRAINT turns_result CHECK ((state = 'done') = (result IS NOT NULL)),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES core.conversations (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES core.messages (organization_id, id)
);
CREATE UNIQUE INDEX turns_unfinished ON core.turns (organization_id, conversation_id, message_seq)
    WHERE state <> 'done';
CREATE INDEX turns_waiting ON core.turns (created_at, id) WHERE state <> 'done';
CALL core.protect('core.turns');

CREATE TABLE core.escalations (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    reason text NOT NULL,
    priority smallint NOT NULL CHECK (priority BETWEEN 1 AND 5),
    assigned_to uuid,
    sla_deadline bigint NOT NULL,
    created_at bigint NOT NULL,
    acknowledged_at bigint,
    resolved_at bigint,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES core.conversations (organization_id, id),
    FOREIGN KEY (organization_id, assigned_to) REFERENCES core.users (organization_id, id)
);
CREATE INDEX escalations_open ON core.escalations (organization_id, conversation_id) WHERE resolved_at IS NULL;
CALL core.protect('core.escalations');

CREATE FUNCTION core.directory_stranded_turns(now_at bigint, queued_before bigint, wanted bigint)
    RETURNS TABLE (organization_id uuid, conversation_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT t.organization_id, t.conversation_id
    FROM core.turns t
    WHERE t.state <> 'done'
      AND ((t.state = 'queued' AND t.created_at < queued_before)
           OR (t.state = 'running' AND t.lease_expires_at <= now_at))
      AND NOT EXISTS (
          SELECT FROM core.turns earlier
          WHERE earlier.organization_id = t.organization_id AND earlier.conversation_id = t.conversation_id
            AND earlier.state <> 'done' AND earlier.message_seq < t.message_seq)
    ORDER BY t.created_at, t.id
    LIMIT wanted;
END;

REVOKE EXECUTE ON FUNCTION core.directory_stranded_turns FROM PUBLIC;
