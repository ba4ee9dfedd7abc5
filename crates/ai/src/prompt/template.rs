//! Text with `{{names}}` in it.

/// Replaces every `{{name}}` of `template` with what `value` gives for it. What is put in is never read again: a value
/// that holds `{{name}}` itself stays as it is. A name without a value stays visible.
pub(super) fn fill<'v>(template: &str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        match value(name) {
            Some(value) => filled.push_str(value),
            None => filled.extend(["{{", name, "}}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, behind) = text.split_once("{{")?;
    let (name, after) = behind.split_once("}}")?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_and_never_read_again() {
        let value = |name: &str| match name {
            "a" => Some("{{b}}"),
            "b" => Some("2"),
            _ => None,
        };
        assert_eq!(fill("{{a}}-{{b}}-{{c}}-{{", value), "{{b}}-2-{{c}}-{{");
    }
}
