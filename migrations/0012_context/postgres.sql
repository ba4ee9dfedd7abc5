-- What a conversation is read with: the last question, whether it was answered, and the customer's language; and when a
-- silent customer was reminded.
ALTER TABLE core.conversations ADD asked text;
ALTER TABLE core.conversations ADD asked_open boolean NOT NULL DEFAULT false;
ALTER TABLE core.conversations ADD language text;
ALTER TABLE core.conversations ADD reminded_at bigint;

CREATE INDEX conversations_silent ON core.conversations (last_activity_at)
    WHERE status IN ('initialized', 'active', 'waiting_for_user') AND assigned_agent_id IS NULL;

-- Conversations in which the customer has been silent for long, the longest first: to be ended, or to be reminded of.
CREATE FUNCTION core.directory_silent_conversations(remind_before bigint, abandon_before bigint, wanted bigint)
    RETURNS TABLE (organization_id uuid, conversation_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT c.organization_id, c.id
    FROM core.conversations c
    WHERE c.status IN ('initialized', 'active', 'waiting_for_user') AND c.assigned_agent_id IS NULL
      AND (c.last_activity_at <= abandon_before
           OR (c.last_activity_at <= remind_before AND c.reminded_at IS NULL AND c.status = 'waiting_for_user'
               AND c.ai_message_count > 0 AND c.channel IN ('web', 'mobile', 'slack', 'teams')))
    ORDER BY c.last_activity_at, c.id
    LIMIT wanted;
END;

REVOKE EXECUTE ON FUNCTION core.directory_silent_conversations FROM PUBLIC;
