//! The statements that differ between the dialects. Those that are written once are where they are used; how each
//! database searches is in `search`.

use acs_domain::port::store::StoreError;
use acs_domain::port::store::knowledge::Filter;

/// Takes up the first unfinished turn of a conversation.
///
/// Values: organization, conversation, owner, until, now.
pub(crate) fn acquire_turn(postgres: bool) -> &'static str {
    if postgres {
        // Whoever comes second waits at the inner lock, and then sees the lease of the first.
        "UPDATE turns SET state = 'running', lease_owner = $3, lease_expires_at = $4, attempts = attempts + 1, \
         held_tokens = 0, held_cost = 0 \
         WHERE organization_id = $1 AND (state = 'queued' OR lease_expires_at <= $5) AND id = (\
             SELECT id FROM turns WHERE organization_id = $1 AND conversation_id = $2 AND state <> 'done' \
             ORDER BY message_seq LIMIT 1 FOR NO KEY UPDATE) \
         RETURNING *"
    } else {
        "UPDATE turns SET state = 'running', lease_owner = $3, lease_expires_at = $4, attempts = attempts + 1, \
         held_tokens = 0, held_cost = 0 \
         WHERE organization_id = $1 AND (state = 'queued' OR lease_expires_at <= $5) AND id = (\
             SELECT id FROM turns WHERE organization_id = $1 AND conversation_id = $2 AND state <> 'done' \
             ORDER BY message_seq LIMIT 1) \
         RETURNING *"
    }
}

/// What models may cost that other turns under way ask. A sum of `bigint` is a `numeric` on PostgreSQL.
pub(crate) fn held_by_others(postgres: bool) -> &'static str {
    if postgres {
        "SELECT COALESCE(SUM(held_tokens), 0)::bigint, COALESCE(SUM(held_cost), 0)::bigint FROM turns \
         WHERE organization_id = $1 AND id <> $2 AND state <> 'done' AND lease_expires_at > $3"
    } else {
        "SELECT COALESCE(SUM(held_tokens), 0), COALESCE(SUM(held_cost), 0) FROM turns \
         WHERE organization_id = $1 AND id <> $2 AND state <> 'done' AND lease_expires_at > $3"
    }
}

/// Empties the ends of the turns that `which` holds for.
///
/// Values: organization, what `which` needs, the fields that are replaced, as JSON; those of the evidence one by one.
pub(crate) fn empty_turns(postgres: bool, which: &str) -> String {
    let emptied = if postgres {
        "result || $3::jsonb || jsonb_build_object('evidence', (result -> 'evidence') || ($3::jsonb -> 'evidence'))"
    } else {
        "json_patch(result, $3)"
    };
    format!(
        "UPDATE turns SET result = {emptied} WHERE organization_id = $1 AND {which} AND result IS NOT NULL"
    )
}

/// The conversation that a request is about, out of the path in its `operation`.
pub(crate) fn conversation_of_operation(postgres: bool) -> &'static str {
    if postgres {
        "lower(substr(operation, strpos(operation, '/conversations/') + 15, 36))"
    } else {
        "lower(substr(operation, instr(operation, '/conversations/') + 15, 36))"
    }
}

/// A filter as one value.
pub(crate) fn filter(only: &Filter) -> Result<String, StoreError> {
    serde_json::to_string(only).map_err(|error| StoreError::Failed(Box::new(error)))
}

/// That an entry or passage may be found; `$n` of `only` holds [`filter`], that of `at` a time.
pub(crate) fn may_be_found(postgres: bool, prefix: &str, only: &str, at: &str) -> String {
    let times = format!(
        "({prefix}valid_from IS NULL OR {prefix}valid_from <= {at}) \
         AND ({prefix}expires_at IS NULL OR {prefix}expires_at > {at})"
    );
    if postgres {
        // What is in a subselect is worked out once, not for every row.
        let category = format!("(SELECT {only}::jsonb ->> 'category')");
        let language = format!("(SELECT {only}::jsonb ->> 'language')");
        format!(
            "{times} AND ({category} IS NULL OR {prefix}category = {category}) \
             AND ({language} IS NULL OR {prefix}language IS NULL OR {prefix}language = {language}) \
             AND ({prefix}audience = '[]' OR (SELECT jsonb_typeof({only}::jsonb -> 'audience')) = 'null' \
                  OR jsonb_exists_any({prefix}audience, \
                      ARRAY(SELECT jsonb_array_elements_text(nullif({only}::jsonb -> 'audience', 'null')))))"
        )
    } else {
        format!(
            "{times} AND ({only} ->> 'category' IS NULL OR {prefix}category = {only} ->> 'category') \
             AND ({only} ->> 'language' IS NULL OR {prefix}language IS NULL \
                  OR {prefix}language = {only} ->> 'language') \
             AND ({prefix}audience = '[]' OR json_type({only}, '$.audience') = 'null' OR EXISTS (\
                 SELECT 1 FROM json_each({prefix}audience) AS its \
                 JOIN json_each({only}, '$.audience') AS ours ON its.value = ours.value))"
        )
    }
}

/// That a column is one of the ids in a list; `$n` or `?` holds [`id_list`].
pub(crate) fn id_in(postgres: bool, column: &str, value: &str) -> String {
    if postgres {
        format!("{column} = ANY (ARRAY(SELECT jsonb_array_elements_text({value}::jsonb)::uuid))")
    } else {
        format!("{column} IN (SELECT unhex(value) FROM json_each({value}))")
    }
}

/// That a column is one of the texts in a list; `$n` or `?` holds [`text_list`].
pub(crate) fn text_in(postgres: bool, column: &str, value: &str) -> String {
    if postgres {
        format!("{column} = ANY (ARRAY(SELECT jsonb_array_elements_text({value}::jsonb)))")
    } else {
        format!("{column} IN (SELECT value FROM json_each({value}))")
    }
}

/// Ids as one value: however many there are, the statement is the same, and so stays prepared.
pub(crate) fn id_list(ids: impl IntoIterator<Item = uuid::Uuid>) -> String {
    let mut list = String::from("[");
    for id in ids {
        if list.len() > 1 {
            list.push(',');
        }
        list.push('"');
        list.push_str(id.simple().encode_lower(&mut uuid::Uuid::encode_buffer()));
        list.push('"');
    }
    list.push(']');
    list
}

/// Texts as one value.
pub(crate) fn text_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    serde_json::Value::from(texts.into_iter().collect::<Vec<_>>()).to_string()
}
