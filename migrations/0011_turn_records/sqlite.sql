-- How each turn was decided, for good: a chain of records for each conversation, sealed under a key of its customer.

-- Sealed under the installation's keys. Whoever deletes a customer's keys erases what the records say of the customer, and
-- leaves the chains whole.
CREATE TABLE customer_keys (
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    customer_id BLOB NOT NULL,
    wrapped_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, customer_id) REFERENCES users (organization_id, id)
) STRICT;
CREATE INDEX customer_keys_of_customer ON customer_keys (organization_id, customer_id, id);

-- `hash` is that of the other columns, of which `previous_hash` ties the record to the one before. The key may be gone, so
-- that nothing refers to it. `content` is long and comes last: what walks along the chain does not read it.
CREATE TABLE turn_records (
    organization_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL CHECK (length(conversation_id) = 16),
    seq INTEGER NOT NULL CHECK (seq > 0),
    turn_id BLOB NOT NULL,
    key_id BLOB NOT NULL CHECK (length(key_id) = 16),
    format INTEGER NOT NULL CHECK (format > 0),
    status_found TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
    content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    content BLOB NOT NULL,
    PRIMARY KEY (organization_id, conversation_id, seq),
    UNIQUE (organization_id, turn_id),
    FOREIGN KEY (organization_id, turn_id) REFERENCES turns (organization_id, id)
) STRICT;

CREATE TRIGGER turn_records_never_change BEFORE UPDATE ON turn_records
BEGIN
    SELECT RAISE(ABORT, 'the record of a turn never changes');
END;

-- A whole organization may be erased once it may not be used any more.
CREATE TRIGGER turn_records_stay BEFORE DELETE ON turn_records
WHEN EXISTS (SELECT 1 FROM organizations WHERE id = OLD.organization_id AND is_active = 1)
BEGIN
    SELECT RAISE(ABORT, 'the record of a turn stays');
END;
