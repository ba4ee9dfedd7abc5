-- Knowledge: entries, the texts that they had, their passages, and how common words are in each organization.
-- How passages are found: docs/adr/0003-nominate-then-score.md.

CREATE TABLE knowledge_entries (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    category TEXT NOT NULL,
    subcategory TEXT,
    tags TEXT NOT NULL,
    summary TEXT,
    source TEXT,
    source_url TEXT,
    expires_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    revision INTEGER NOT NULL,
    author_id BLOB,
    usage_count INTEGER NOT NULL CHECK (usage_count >= 0),
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, author_id) REFERENCES users (organization_id, id)
) STRICT;
CREATE INDEX knowledge_entries_newest ON knowledge_entries (organization_id, created_at DESC, id DESC);
CREATE INDEX knowledge_entries_of_category ON knowledge_entries (organization_id, category, created_at DESC, id DESC);
CREATE INDEX knowledge_entries_by_title ON knowledge_entries (organization_id, title);
CREATE INDEX knowledge_entries_changed ON knowledge_entries (organization_id, revision);

-- Every text that an entry had, the present one included. They outlive the entry.
CREATE TABLE knowledge_versions (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    entry_id BLOB NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    category TEXT NOT NULL,
    subcategory TEXT,
    tags TEXT NOT NULL,
    summary TEXT,
    source TEXT,
    source_url TEXT,
    expires_at INTEGER,
    author_id BLOB,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER,
    deleted_revision INTEGER,
    PRIMARY KEY (organization_id, entry_id, version)
) STRICT;
CREATE INDEX knowledge_versions_deleted ON knowledge_versions (organization_id, deleted_revision)
    WHERE deleted_revision IS NOT NULL;

-- Category and time of expiry are the entry's: a search then reads one table. What is long comes last.
CREATE TABLE knowledge_passages (
    number INTEGER PRIMARY KEY,
    organization_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    entry_id BLOB NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
    category TEXT NOT NULL,
    expires_at INTEGER,
    term_count INTEGER NOT NULL CHECK (term_count >= 0),
    embedding BLOB NOT NULL,
    heading TEXT NOT NULL,
    content TEXT NOT NULL,
    terms TEXT NOT NULL,
    sentences BLOB NOT NULL,
    UNIQUE (organization_id, id),
    UNIQUE (organization_id, entry_id, ordinal),
    FOREIGN KEY (organization_id, entry_id) REFERENCES knowledge_entries (organization_id, id) ON DELETE CASCADE
) STRICT;

-- Which passages have a word: only that, no text, no positions. A word carries its organization in front, so that a
-- search reads nothing of another one's.
CREATE VIRTUAL TABLE passage_words
    USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE TRIGGER knowledge_passages_deleted AFTER DELETE ON knowledge_passages
BEGIN
    DELETE FROM passage_words WHERE rowid = old.number;
END;

-- In how many passages a term occurs.
CREATE TABLE term_frequencies (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    term TEXT NOT NULL,
    passages INTEGER NOT NULL CHECK (passages >= 0),
    PRIMARY KEY (organization_id, term)
) STRICT, WITHOUT ROWID;
