-- For whom, in which language and from when an entry holds; what links it to others; and how often it helped.
-- As category and time of expiry, a passage repeats what its entry says, so that a search reads one table.
ALTER TABLE knowledge_entries ADD language TEXT;
ALTER TABLE knowledge_entries ADD audience TEXT NOT NULL DEFAULT '[]';
ALTER TABLE knowledge_entries ADD valid_from INTEGER;
ALTER TABLE knowledge_entries ADD success_count INTEGER NOT NULL DEFAULT 0 CHECK (success_count >= 0);
ALTER TABLE knowledge_versions ADD language TEXT;
ALTER TABLE knowledge_versions ADD audience TEXT NOT NULL DEFAULT '[]';
ALTER TABLE knowledge_versions ADD valid_from INTEGER;
ALTER TABLE knowledge_passages ADD language TEXT;
ALTER TABLE knowledge_passages ADD audience TEXT NOT NULL DEFAULT '[]';
ALTER TABLE knowledge_passages ADD valid_from INTEGER;

-- Links are read from both ends.
CREATE TABLE knowledge_links (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    entry_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('supersedes', 'part_of', 'see_also')),
    target_id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, entry_id, kind, target_id),
    FOREIGN KEY (organization_id, entry_id) REFERENCES knowledge_entries (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, target_id) REFERENCES knowledge_entries (organization_id, id) ON DELETE CASCADE,
    CHECK (entry_id <> target_id)
) STRICT;
CREATE INDEX knowledge_links_to ON knowledge_links (organization_id, target_id);
