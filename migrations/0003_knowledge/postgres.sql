-- Knowledge: entries, the texts that they had, their passages, and how common words are in each organization.
-- How passages are found: docs/adr/0003-nominate-then-score.md.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE ai.knowledge_entries (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    id uuid NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    category text NOT NULL,
    subcategory text,
    tags jsonb NOT NULL,
    summary text,
    source text,
    source_url text,
    expires_at bigint,
    version bigint NOT NULL CHECK (version > 0),
    revision bigint NOT NULL,
    author_id uuid,
    usage_count bigint NOT NULL CHECK (usage_count >= 0),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, author_id) REFERENCES core.users (organization_id, id)
);
CREATE INDEX knowledge_entries_newest ON ai.knowledge_entries (organization_id, created_at DESC, id DESC);
CREATE INDEX knowledge_entries_of_category
    ON ai.knowledge_entries (organization_id, category, created_at DESC, id DESC);
CREATE INDEX knowledge_entries_by_title ON ai.knowledge_entries (organization_id, title);
CREATE INDEX knowledge_entries_changed ON ai.knowledge_entries (organization_id, revision);
CALL core.protect('ai.knowledge_entries');

-- Every text that an entry had, the present one included. They outlive the entry.
CREATE TABLE ai.knowledge_versions (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    entry_id uuid NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    title text NOT NULL,
    content text NOT NULL,
    category text NOT NULL,
    subcategory text,
    tags jsonb NOT NULL,
    summary text,
    source text,
    source_url text,
    expires_at bigint,
    author_id uuid,
    created_at bigint NOT NULL,
    deleted_at bigint,
    deleted_revision bigint,
    PRIMARY KEY (organization_id, entry_id, version)
);
CREATE INDEX knowledge_versions_deleted ON ai.knowledge_versions (organization_id, deleted_revision)
    WHERE deleted_revision IS NOT NULL;
CALL core.protect('ai.knowledge_versions');

-- Category and time of expiry are the entry's: a search then reads one table. `embedding` comes before what is long, and
-- stays in the row.
CREATE TABLE ai.knowledge_passages (
    number bigint GENERATED ALWAYS AS IDENTITY,
    organization_id uuid NOT NULL,
    id uuid NOT NULL,
    entry_id uuid NOT NULL,
    ordinal bigint NOT NULL CHECK (ordinal >= 0),
    category text NOT NULL,
    expires_at bigint,
    term_count bigint NOT NULL CHECK (term_count >= 0),
    embedding vector NOT NULL,
    heading text NOT NULL,
    content text NOT NULL,
    terms jsonb NOT NULL,
    sentences bytea NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT knowledge_passages_ordinal UNIQUE (organization_id, entry_id, ordinal),
    FOREIGN KEY (organization_id, entry_id) REFERENCES ai.knowledge_entries (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE ai.knowledge_passages ALTER embedding SET STORAGE PLAIN;

-- A word as the index holds it: with its organization in front, so that a search reads nothing of another one's.
CREATE FUNCTION ai.indexed_word(organization uuid, word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN right(organization::text, 8) || left(word, 64);

CREATE FUNCTION ai.indexed_words(organization uuid, words jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(SELECT DISTINCT ai.indexed_word(organization, word) FROM jsonb_array_elements_text(words) AS word);

CREATE INDEX knowledge_passages_words ON ai.knowledge_passages USING gin (ai.indexed_words(organization_id, terms));

-- For the embedding model that ships with the program. Vectors of another length are found by reading all of an
-- organization's, until a migration adds an index like this one. Half precision nominates; the cosine of a nominee
-- is exact.
CREATE INDEX knowledge_passages_meaning_384 ON ai.knowledge_passages
    USING hnsw ((embedding::halfvec(384)) halfvec_ip_ops) WHERE vector_dims(embedding) = 384;

CALL core.protect('ai.knowledge_passages');

-- In how many passages a term occurs.
CREATE TABLE ai.term_frequencies (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    term text COLLATE "C" NOT NULL,
    passages bigint NOT NULL CHECK (passages >= 0),
    PRIMARY KEY (organization_id, term)
);
CALL core.protect('ai.term_frequencies');

-- The passages of the present organization with the largest sum of the weights of the words that they have.
-- It runs as the owner because a policy forbids the index: `@>` is not leakproof. The organization is not a
-- parameter, and only ids come back.
CREATE FUNCTION ai.nominate_by_words(words text[], weights bigint[], only_category text, at_time bigint, wanted bigint)
    RETURNS TABLE (id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p.id
    FROM unnest(words, weights) AS q (word, weight)
    JOIN ai.knowledge_passages p
      ON ai.indexed_words(p.organization_id, p.terms) @> ARRAY[ai.indexed_word((SELECT core.current_org()), q.word)]
    WHERE p.organization_id = (SELECT core.current_org())
      AND (p.expires_at IS NULL OR p.expires_at > at_time)
      AND (only_category IS NULL OR p.category = only_category)
    GROUP BY p.id
    ORDER BY sum(q.weight) DESC, p.id
    LIMIT wanted;
END;

REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA ai FROM PUBLIC;
