-- What leaves with a commit, and requests that must take effect once. Both are swept when their time is over, and
-- neither is worth a foreign key at every turn.

CREATE TABLE core.outbox (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    subject uuid NOT NULL,
    payload jsonb NOT NULL,
    occurred_at bigint NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX outbox_oldest ON core.outbox (occurred_at, id);
CALL core.protect('core.outbox');

CREATE TABLE core.idempotency_keys (
    organization_id uuid NOT NULL,
    caller text NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    result text,
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, caller, operation, key)
);
CREATE INDEX idempotency_keys_oldest ON core.idempotency_keys (created_at);
CALL core.protect('core.idempotency_keys');

-- Deletes what is past its time, at most `batch` rows of each kind, and gives the number deleted. Rows that another
-- sweep is deleting are left to it.
CREATE FUNCTION core.sweep(now_at bigint, keys_before bigint, events_before bigint, batch bigint) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH keys AS (
        DELETE FROM core.idempotency_keys WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM core.idempotency_keys WHERE created_at <= keys_before
            ORDER BY created_at LIMIT batch FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), tokens AS (
        DELETE FROM core.refresh_tokens WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM core.refresh_tokens WHERE expires_at <= now_at
            ORDER BY expires_at LIMIT batch FOR UPDATE SKIP LOCKED))
        RETURNING 1
    ), events AS (
        DELETE FROM core.outbox WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM core.outbox WHERE occurred_at < events_before
            ORDER BY occurred_at LIMIT batch FOR UPDATE SKIP LOCKED))
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM keys) + (SELECT count(*) FROM tokens) + (SELECT count(*) FROM events);
END;

REVOKE EXECUTE ON FUNCTION core.sweep FROM PUBLIC;
