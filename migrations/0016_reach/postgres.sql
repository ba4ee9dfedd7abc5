-- For whom, in which language and from when an entry holds; what links it to others; and how often it helped.
-- As category and time of expiry, a passage repeats what its entry says, so that a search reads one table.
ALTER TABLE ai.knowledge_entries ADD language text;
ALTER TABLE ai.knowledge_entries ADD audience jsonb NOT NULL DEFAULT '[]';
ALTER TABLE ai.knowledge_entries ADD valid_from bigint;
ALTER TABLE ai.knowledge_entries ADD success_count bigint NOT NULL DEFAULT 0 CHECK (success_count >= 0);
ALTER TABLE ai.knowledge_versions ADD language text;
ALTER TABLE ai.knowledge_versions ADD audience jsonb NOT NULL DEFAULT '[]';
ALTER TABLE ai.knowledge_versions ADD valid_from bigint;
ALTER TABLE ai.knowledge_passages ADD language text;
ALTER TABLE ai.knowledge_passages ADD audience jsonb NOT NULL DEFAULT '[]';
ALTER TABLE ai.knowledge_passages ADD valid_from bigint;

-- Links are read from both ends.
CREATE TABLE ai.knowledge_links (
    organization_id uuid NOT NULL REFERENCES core.organizations (id),
    entry_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('supersedes', 'part_of', 'see_also')),
    target_id uuid NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (organization_id, entry_id, kind, target_id),
    FOREIGN KEY (organization_id, entry_id) REFERENCES ai.knowledge_entries (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, target_id) REFERENCES ai.knowledge_entries (organization_id, id) ON DELETE CASCADE,
    CHECK (entry_id <> target_id)
);
CREATE INDEX knowledge_links_to ON ai.knowledge_links (organization_id, target_id);
CALL core.protect('ai.knowledge_links');

-- As before (0008_bounded_nomination), with a filter of several fields: an object of category, language and audience, each
-- null where all will do. The function with six parameters and a category is the one before: the program no longer calls it.
CREATE FUNCTION ai.nominate_by_words(
    words text[], weights bigint[], opening integer, reach jsonb, at_time bigint, wanted bigint
)
    RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    organization uuid := core.current_org();
    tokens text[] := ARRAY(
        SELECT ai.indexed_word(organization, word) FROM unnest(words) WITH ORDINALITY AS q (word, place) ORDER BY place);
    only_category text := reach ->> 'category';
    only_language text := reach ->> 'language';
    for_audience text[] := CASE jsonb_typeof(reach -> 'audience')
        WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(reach -> 'audience')) END;
BEGIN
    RETURN QUERY
        WITH hits AS MATERIALIZED (
            SELECT p.id, q.weight, p.organization_id, p.valid_from, p.expires_at, p.category, p.language, p.audience
            FROM unnest(tokens[:opening], weights[:opening]) AS q (token, weight)
            JOIN ai.knowledge_passages p ON ai.indexed_words(p.organization_id, p.terms) @> ARRAY[q.token]
            UNION ALL
            SELECT p.id, q.weight, p.organization_id, p.valid_from, p.expires_at, p.category, p.language, p.audience
            FROM unnest(tokens[opening + 1:], weights[opening + 1:]) AS q (token, weight)
            JOIN ai.knowledge_passages p
              ON ai.indexed_words(p.organization_id, p.terms) @> ARRAY[q.token]
             AND ai.indexed_words(p.organization_id, p.terms) && tokens[:opening]
        )
        SELECT hits.id
        FROM hits
        WHERE hits.organization_id = organization
          AND (hits.valid_from IS NULL OR hits.valid_from <= at_time)
          AND (hits.expires_at IS NULL OR hits.expires_at > at_time)
          AND (only_category IS NULL OR hits.category = only_category)
          AND (only_language IS NULL OR hits.language IS NULL OR hits.language = only_language)
          AND (for_audience IS NULL OR hits.audience = '[]' OR jsonb_exists_any(hits.audience, for_audience))
        GROUP BY hits.id
        ORDER BY sum(hits.weight) DESC, hits.id
        LIMIT wanted;
END $$;

REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA ai FROM PUBLIC;
