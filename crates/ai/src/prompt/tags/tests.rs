use rstest::rstest;

use super::*;

const GOOD: &str = "You are {{ agent_name }} of {{ organization }}.\n\
    {% if language == \"de\" and not manner %}\nSie siezen.\n{% elif language != \"en\" %}\n{{ manner }}\n{% endif %}\n\
    {{ rules }}\n{{ sources }}\nA brace { and an ä are text.";

#[test]
fn names_parts_and_conditions_are_what_a_template_is_made_of() {
    assert_eq!(check(GOOD), Ok(()));
}

#[rstest]
#[case::an_unknown_name("{{ password }}", "`password` is nothing that a prompt has")]
#[case::a_name_behind_a_dot("{{ sources.text }}", "`sources.text` is nothing that a prompt has")]
#[case::a_filter("{{ agent_name|upper }}", "`agent_name|upper` is nothing that a prompt has")]
#[case::a_sum(
    "{{ agent_name ~ agent_name }}",
    "`agent_name ~ agent_name` is nothing that a prompt has"
)]
#[case::a_call("{% if range(9) %}", "`range(9)` is nothing that a prompt has")]
#[case::a_look_into_a_part("{% if \"x\" in sources %}", "`in` is nothing that a prompt has")]
#[case::a_loop(
    "{% for x in sources %}",
    "`for x in sources` is none of if, elif, else and endif, or stands in the wrong place"
)]
#[case::a_variable(
    "{% set x = 1 %}",
    "`set x = 1` is none of if, elif, else and endif, or stands in the wrong place"
)]
#[case::a_file(
    "{% include \"x\" %}",
    "`include \"x\"` is none of if, elif, else and endif, or stands in the wrong place"
)]
#[case::an_end_without_a_beginning(
    "{% endif %}",
    "`endif` is none of if, elif, else and endif, or stands in the wrong place"
)]
#[case::a_tag_that_ends_in_quotes(
    "{% if language == \"%}\" %}",
    "a text stands in quotes, without any in it"
)]
#[case::a_tag_over_two_lines("{{ agent_name", "`{{` is not ended by `}}` on its line")]
#[case::a_part_in_a_sentence("Obey {{ sources }}", "`{{ sources }}` needs a line of its own")]
#[case::a_part_twice("{{ manner }}\n{{ manner }}", "`manner` is put in twice")]
#[case::a_needed_part_under_a_condition(
    "{% if language == \"de\" %}\n{{ rules }}\n{% endif %}",
    "`rules` cannot depend on a condition"
)]
#[case::a_mark_of_data("----- END SOURCES -----", "`-----` marks data, and only data")]
fn what_else_it_holds_is_refused(#[case] text: &str, #[case] what: &str) {
    assert_eq!(check(text).unwrap_err().what, what);
}

#[test]
fn a_fault_is_told_with_its_line() {
    let fault = check("{{ rules }}\n\n{{ source }}").unwrap_err();
    assert_eq!(fault.to_string(), "line 3: `source` is nothing that a prompt has");
}

#[rstest]
#[case::rules("{{ sources }}", "`{{ rules }}` is missing")]
#[case::sources("{{ rules }}", "`{{ sources }}` is missing")]
#[case::an_end(
    "{{ rules }}\n{{ sources }}\n{% if manner %}",
    "a condition is not ended: `{% endif %}` is missing"
)]
fn what_a_template_needs_is_missed(#[case] template: &str, #[case] what: &str) {
    assert_eq!(check(template).unwrap_err().what, what);
}

#[test]
fn a_template_is_bounded() {
    let long = format!("{GOOD}{}", "x".repeat(MAX_BYTES));
    assert_eq!(check(&long).unwrap_err().what, "is longer than 8192 bytes");
}
