-- What a conversation is read with: the last question, whether it was answered, and the customer's language; and when a
-- silent customer was reminded.
ALTER TABLE conversations ADD asked TEXT;
ALTER TABLE conversations ADD asked_open INTEGER NOT NULL DEFAULT false;
ALTER TABLE conversations ADD language TEXT;
ALTER TABLE conversations ADD reminded_at INTEGER;

CREATE INDEX conversations_silent ON conversations (last_activity_at)
    WHERE status IN ('initialized', 'active', 'waiting_for_user') AND assigned_agent_id IS NULL;
