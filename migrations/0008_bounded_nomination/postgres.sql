-- A search by words reads the passages of its rarest words only, however common the others are.
-- See docs/adr/0003-nominate-then-score.md.

-- The terms of dozens of nominees are read for every question: they stay in the row. Rows that are there already follow
-- when they are written again.
ALTER TABLE ai.knowledge_passages ALTER terms SET STORAGE MAIN;

-- What is written goes into the index of words at once. In a list beside it, which is the default, every search would read
-- all that was written since the last vacuum.
ALTER INDEX ai.knowledge_passages_words SET (fastupdate = off);
SELECT gin_clean_pending_list('ai.knowledge_passages_words');

-- The passages of the present organization that have one of the first `opening` words, with the largest sum of the weights
-- of all the words that they have. It runs as the owner because a policy forbids the index: `@>` is not leakproof. The
-- organization is not a parameter, and only ids come back.
-- The plan is kept for the session, since making one takes as long as the search, and does not depend on what is known of
-- the table, which is nothing after a large import: only the index of words serves the inner query.
-- The function of this name with five parameters is the one before: the program no longer calls it.
CREATE FUNCTION ai.nominate_by_words(
    words text[], weights bigint[], opening integer, only_category text, at_time bigint, wanted bigint
)
    RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    organization uuid := core.current_org();
    tokens text[] := ARRAY(
        SELECT ai.indexed_word(organization, word) FROM unnest(words) WITH ORDINALITY AS q (word, place) ORDER BY place);
BEGIN
    RETURN QUERY
        WITH hits AS MATERIALIZED (
            SELECT p.id, q.weight, p.organization_id, p.expires_at, p.category
            FROM unnest(tokens[:opening], weights[:opening]) AS q (token, weight)
            JOIN ai.knowledge_passages p ON ai.indexed_words(p.organization_id, p.terms) @> ARRAY[q.token]
            UNION ALL
            SELECT p.id, q.weight, p.organization_id, p.expires_at, p.category
            FROM unnest(tokens[opening + 1:], weights[opening + 1:]) AS q (token, weight)
            JOIN ai.knowledge_passages p
              ON ai.indexed_words(p.organization_id, p.terms) @> ARRAY[q.token]
             AND ai.indexed_words(p.organization_id, p.terms) && tokens[:opening]
        )
        SELECT hits.id
        FROM hits
        WHERE hits.organization_id = organization
          AND (hits.expires_at IS NULL OR hits.expires_at > at_time)
          AND (only_category IS NULL OR hits.category = only_category)
        GROUP BY hits.id
        ORDER BY sum(hits.weight) DESC, hits.id
        LIMIT wanted;
END $$;

REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA ai FROM PUBLIC;
