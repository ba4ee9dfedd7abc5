//! What every store promises, by port. Each promise is a function over the store alone; [`crate::store_contracts`] makes
//! a test of each, for a backend.

pub mod api_key;
pub mod conflict;
pub mod conversation;
pub mod directory;
pub mod embedding;
pub mod erasure;
pub mod escalation;
pub mod gap;
pub mod idempotency;
pub mod intent;
pub mod intent_head;
pub mod knowledge;
pub mod link;
pub mod message;
pub mod model_key;
pub mod nominate;
pub mod organization;
pub mod outbox;
pub mod record;
pub mod session;
pub mod terms;
pub mod turn;
pub mod unit;
pub mod user;

use std::fmt::Debug;
use std::sync::Arc;

use acs_core::page::{Cursor, Page, PageRequest};
use acs_domain::port::store::{Store, StoreError};

/// Makes a test of each promise of the store, for the backend that the given function makes.
///
/// ```ignore
/// mod sqlite {
///     acs_testkit::store_contracts!(acs_testkit::Backend::sqlite);
/// }
/// ```
#[macro_export]
macro_rules! store_contracts {
    ($backend:path) => {
        $crate::store_contracts! { @each $backend;
            unit: what_is_committed_lasts, what_is_dropped_is_gone, a_read_unit_sees_one_state,
                another_organization_sees_and_changes_nothing, a_foreign_thing_is_never_written,
                units_that_read_and_then_write_all_succeed, the_store_answers;
            organization: comes_back_as_it_was, a_taken_slug_is_a_conflict, only_its_own_is_seen,
                the_system_organization_lists_all, usage_starts_at_zero, what_models_cost_is_added_up_by_the_month,
                what_models_cost_at_the_same_time_is_not_lost, a_change_leaves_what_is_counted,
                another_organization_cannot_be_changed;
            user: comes_back_as_it_was, what_is_taken_is_a_conflict, the_same_address_may_be_in_two_organizations,
                an_update_needs_the_version_that_was_read, an_update_changes_everything_but_identity,
                staff_count_against_the_limit, counts_follow_role_and_status, the_limit_holds_for_all_at_once,
                a_customer_is_made_once_however_many_ask, staff_are_not_served_as_customers, lists_are_newest_first;
            api_key: comes_back_as_it_was, ends_once, use_is_noted, a_taken_hash_is_a_conflict,
                lists_are_newest_first;
            session: a_token_is_held_and_spent, revoking_a_family_spares_others, revoking_a_person_ends_every_sign_in;
            conversation: comes_back_as_it_was, numbers_count_in_each_organization, numbers_are_given_once_each,
                the_monthly_limit_holds, the_limit_holds_for_all_at_once, the_month_rolls_over,
                the_newest_open_one_is_found, one_open_conversation_for_all_who_look_at_once,
                an_update_needs_the_version_that_was_read, identity_never_changes, every_filter_filters,
                pages_survive_inserts, a_held_conversation_makes_others_wait;
            message: comes_back_as_it_was, a_taken_place_is_a_conflict, a_second_reply_is_a_conflict,
                the_recent_ones_are_the_last_before_a_place, pages_are_oldest_first;
            turn: comes_back_as_it_was, turns_are_taken_up_in_order, a_live_lease_keeps_others_out,
                an_ended_lease_is_taken_over, an_old_attempt_may_do_nothing, a_turn_given_back_is_free_at_once,
                one_of_twenty_takes_it_up, what_is_unfinished_is_known, a_turn_that_nobody_works_on_is_free,
                what_a_turn_may_cost_is_held_while_it_is_under_way;
            escalation: the_open_call_is_found_until_it_is_done, others_are_left_alone;
            idempotency: a_new_claim_is_fresh_and_then_done, another_request_under_the_key_is_refused,
                callers_and_operations_do_not_meet, an_old_claim_is_fresh_again, work_that_was_rolled_back_is_fresh,
                twins_at_once_have_one_effect;
            outbox: events_leave_with_the_commit;
            intent: comes_back_as_it_was, a_new_version_replaces_the_old, conflicts_are_named,
                phrases_of_enabled_intents_are_learned, deletion_forgets_the_phrases, every_change_raises_the_version,
                phrases_of_another_model_are_left_out, words_come_with_their_intent, lists_are_newest_first;
            intent_head: comes_back_as_it_was, an_older_training_never_replaces_a_newer, models_do_not_meet,
                a_discarded_head_may_be_trained_anew, a_training_is_one_holders, one_of_twenty_trains;
            embedding: one_model_answers_at_a_time, a_unit_from_before_sees_the_vectors_before,
                what_is_written_meanwhile_goes_along, what_is_no_longer_used_is_cleared,
                phrases_are_of_both_models_meanwhile, what_another_model_embedded_is_found_by_words_first,
                the_other_place_is_one_models, a_move_is_one_holders, organizations_to_move_are_found;
            model_key: come_back_as_they_were, are_seen_by_their_organization_alone;
            link: have_two_ends, to_nothing_and_in_circles_are_refused, lead_on_from_what_was_found;
            conflict: come_back_newest_first, are_kept_once, are_settled_by_another_text,
                a_dismissal_holds_until_a_text_is_another, are_settled_by_what_holds_instead,
                are_seen_by_their_organization_alone, passages_are_compared_in_the_order_of_writing,
                the_nearest_of_other_entries_are_found, the_reach_of_entries_is_read,
                organizations_to_compare_are_found;
            gap: come_back_in_the_order_of_asking, are_forgotten_in_time, are_seen_by_their_organization_alone;
            record: comes_back_as_it_was, the_page_tells_where_the_next_record_goes, a_taken_place_is_a_conflict,
                the_list_goes_along_every_chain, a_turn_without_its_record_is_named,
                erasing_a_customer_takes_the_keys_and_leaves_the_records;
            erasure: empties_one_customer_and_nobody_else, is_unfinished_until_the_own_id_is_gone;
            terms: come_back_as_they_were, are_seen_by_their_organization_alone;
            knowledge: comes_back_as_it_was, a_new_version_keeps_the_old_text, a_version_out_of_turn_is_a_conflict,
                the_limit_of_entries_holds, the_storage_quota_holds, deletion_leaves_the_versions,
                usage_and_success_are_counted_and_kept,
                titles_find_the_oldest, lists_are_newest_first_and_by_category,
                passages_come_in_the_order_asked_for, every_change_raises_the_version,
                fifty_entries_are_written_at_once, two_who_write_at_once_both_count;
            nominate: what_is_written_is_found_by_the_next_unit, what_is_written_is_found_by_the_same_unit,
                what_is_rolled_back_is_never_found, what_is_replaced_or_deleted_is_found_no_more,
                rare_words_beat_common_ones, counts_and_lengths_are_those_of_the_passage, meaning_finds_without_words,
                every_nominee_has_its_cosine, category_and_expiry_are_respected, others_have_no_influence,
                odd_words_are_words, nothing_known_nominates_nothing, words_that_look_like_another_are_told,
                what_does_not_hold_for_the_asker_is_not_found;
            directory: an_organization_is_found_by_its_slug, accounts_are_found_by_their_address,
                keys_and_tokens_are_found_by_their_hash, stranded_turns_are_the_first_unfinished_ones,
                silent_conversations_are_found,
                intents_newer_than_their_training_are_found, a_sweep_deletes_what_is_past_its_time;
        }
    };
    (@each $backend:path; $($port:ident: $($promise:ident),+;)+) => {
        $(mod $port {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let backend = $backend().await;
                $crate::contract::$port::$promise(backend.shared()).await;
            })+
        })+
    };
}

/// A store as the contracts get it.
pub type Shared = Arc<dyn Store>;

/// All items of a list, read in pages of two, and that a page ends where the next begins.
async fn all_pages<T>(mut page: impl AsyncFnMut(PageRequest) -> Page<T>) -> Vec<T> {
    let mut items = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let mut next = page(PageRequest::new(Some(2), after).unwrap()).await;
        assert!(next.items.len() <= 2, "a page is no longer than asked for");
        items.append(&mut next.items);
        match next.next {
            Some(cursor) => after = Some(cursor),
            None => return items,
        }
    }
}

/// That a write was refused because something has the value already, or the row was changed.
fn assert_conflict<T: Debug>(result: Result<T, StoreError>, expected: &str) {
    match result {
        Err(StoreError::Conflict { what }) => assert_eq!(what, expected),
        other => panic!("expected a conflict of {expected}, got {other:?}"),
    }
}

/// That a write was refused because a limit is reached.
fn assert_limit<T: Debug>(result: Result<T, StoreError>, expected: i64) {
    match result {
        Err(StoreError::Limit(limit)) => assert_eq!(limit.limit, expected),
        other => panic!("expected the limit of {expected}, got {other:?}"),
    }
}
