-- The talk: conversations, messages, turns with their evidence, and calls for a person.
-- Foreign keys carry the organization, so that no row points into another one.

CREATE TABLE conversations (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_number INTEGER NOT NULL CHECK (conversation_number > 0),
    user_id BLOB NOT NULL,
    customer_external_id TEXT NOT NULL,
    channel TEXT NOT NULL
        CHECK (channel IN ('web', 'mobile', 'email', 'slack', 'teams', 'api', 'phone', 'sms')),
    status TEXT NOT NULL
        CHECK (status IN ('initialized', 'active', 'waiting_for_user', 'waiting_for_agent', 'processing', 'escalated',
                          'resolved', 'abandoned', 'archived')),
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 5),
    assigned_agent_id BLOB,
    title TEXT,
    title_search TEXT,
    tags TEXT NOT NULL,
    message_count INTEGER NOT NULL CHECK (message_count >= 0),
    user_message_count INTEGER NOT NULL CHECK (user_message_count >= 0),
    ai_message_count INTEGER NOT NULL CHECK (ai_message_count >= 0),
    agent_message_count INTEGER NOT NULL CHECK (agent_message_count >= 0),
    ai_confidence_sum REAL NOT NULL,
    ai_confidence_min REAL,
    ai_fallback_count INTEGER NOT NULL CHECK (ai_fallback_count >= 0),
    sentiment_current TEXT
        CHECK (sentiment_current IN ('very_negative', 'negative', 'neutral', 'positive', 'very_positive')),
    emotion_trajectory TEXT NOT NULL,
    escalated INTEGER NOT NULL,
    escalation_reason TEXT,
    escalation_count INTEGER NOT NULL CHECK (escalation_count >= 0),
    resolved INTEGER NOT NULL,
    resolution_type TEXT CHECK (resolution_type IN ('automated', 'human', 'abandoned')),
    resolution_code TEXT,
    resolution_summary TEXT,
    satisfaction_score INTEGER CHECK (satisfaction_score BETWEEN 1 AND 5),
    satisfaction_feedback TEXT,
    nps_score INTEGER CHECK (nps_score BETWEEN 0 AND 10),
    current_topic TEXT,
    topic_stack TEXT NOT NULL,
    salesforce_case_id TEXT,
    metadata TEXT NOT NULL,
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    first_response_at INTEGER,
    ended_at INTEGER,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, conversation_number),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, assigned_agent_id) REFERENCES users (organization_id, id)
) STRICT;
CREATE INDEX conversations_newest ON conversations (organization_id, started_at DESC, id DESC);
CREATE INDEX conversations_of_status ON conversations (organization_id, status, started_at DESC, id DESC);
CREATE INDEX conversations_of_customer ON conversations (organization_id, user_id, started_at DESC, id DESC);
CREATE INDEX conversations_of_agent ON conversations (organization_id, assigned_agent_id, started_at DESC, id DESC)
    WHERE assigned_agent_id IS NOT NULL;

CREATE TABLE messages (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    reply_to BLOB,
    sender_type TEXT NOT NULL CHECK (sender_type IN ('user', 'ai_agent', 'human_agent', 'system')),
    sender_id TEXT,
    sender_name TEXT,
    content TEXT NOT NULL,
    content_type TEXT NOT NULL
        CHECK (content_type IN ('text', 'html', 'markdown', 'code', 'image', 'file', 'audio', 'video')),
    attachments TEXT NOT NULL,
    citations TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, conversation_id, seq),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, reply_to) REFERENCES messages (organization_id, id)
) STRICT;
CREATE UNIQUE INDEX messages_reply_to ON messages (organization_id, reply_to) WHERE reply_to IS NOT NULL;

CREATE TABLE turns (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    message_seq INTEGER NOT NULL CHECK (message_seq > 0),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done')),
    lease_owner TEXT,
    lease_expires_at INTEGER,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    created_at INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('answered', 'clarify', 'unknown', 'handed_over')),
    completed_at INTEGER,
    result TEXT,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, message_id),
    CHECK ((state = 'running') = (lease_owner IS NOT NULL)
           AND (state = 'running') = (lease_expires_at IS NOT NULL)),
    CHECK ((state = 'done') = (result IS NOT NULL)),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id)
) STRICT;
CREATE UNIQUE INDEX turns_unfinished ON turns (organization_id, conversation_id, message_seq)
    WHERE state <> 'done';
CREATE INDEX turns_waiting ON turns (created_at, id) WHERE state <> 'done';

CREATE TABLE escalations (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    reason TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 5),
    assigned_to BLOB,
    sla_deadline INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    resolved_at INTEGER,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, conversation_id) REFERENCES conversations (organization_id, id),
    FOREIGN KEY (organization_id, assigned_to) REFERENCES users (organization_id, id)
) STRICT;
CREATE INDEX escalations_open ON escalations (organization_id, conversation_id) WHERE resolved_at IS NULL;
