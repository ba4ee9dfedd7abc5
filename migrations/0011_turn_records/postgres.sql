-- How each turn was decided, for good: a chain of records for each conversation, sealed under a key of its customer.

-- Sealed under the installation's keys. Whoever deletes a customer's keys erases what the records say of the customer, and
-- leaves the chains whole.
CREATE TABLE core.customer_keys (
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    wrapped_key text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, customer_id) REFERENCES core.users (organization_id, id)
);
CREATE INDEX customer_keys_of_customer ON core.customer_keys (organization_id, customer_id, id);
CALL core.protect('core.customer_keys');

-- `hash` is that of the other columns, of which `previous_hash` ties the record to the one before. The key may be gone, so
-- that nothing refers to it. `content` is long and comes last: what walks along the chain does not read it.
CREATE TABLE audit.turn_records (
    organization_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    turn_id uuid NOT NULL,
    key_id uuid NOT NULL,
    format bigint NOT NULL CHECK (format > 0),
    status_found text NOT NULL,
    recorded_at bigint NOT NULL,
    previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
    content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    content bytea NOT NULL,
    PRIMARY KEY (organization_id, conversation_id, seq),
    CONSTRAINT turn_records_turn UNIQUE (organization_id, turn_id),
    FOREIGN KEY (organization_id, turn_id) REFERENCES core.turns (organization_id, id)
);
-- What is encrypted cannot be made shorter.
ALTER TABLE audit.turn_records ALTER content SET STORAGE EXTERNAL;
CALL core.protect('audit.turn_records');

-- A whole organization may be erased once it may not be used any more.
CREATE FUNCTION audit.keep_turn_record() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'the record of a turn never changes';
    ELSIF EXISTS (SELECT FROM core.organizations WHERE id = OLD.organization_id AND is_active) THEN
        RAISE EXCEPTION 'the record of a turn stays';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER turn_records_stay BEFORE UPDATE OR DELETE ON audit.turn_records
    FOR EACH ROW EXECUTE FUNCTION audit.keep_turn_record();
