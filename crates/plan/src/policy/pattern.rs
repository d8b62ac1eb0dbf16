//! Patterns of IAM: `*` stands for any text, `?` for one character.

/// Whether everything that `narrow` stands for is in what `wide` stands for. Both may be patterns.
///
/// A `*` of the narrow one is matched by a `*` alone, and a `?` by either.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    let wide: Vec<char> = wide.chars().collect();
    let narrow: Vec<char> = narrow.chars().collect();
    let (mut at, mut to) = (0, 0);
    // Where the last `*` stands, and how much it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(found) = narrow.get(to) {
        match wide.get(at) {
            Some('*') => {
                star = Some((at, to));
                at += 1;
            }
            Some('?') if *found != '*' => {
                at += 1;
                to += 1;
            }
            Some(same) if same == found && *found != '*' => {
                at += 1;
                to += 1;
            }
            _ => {
                let Some((place, taken)) = star else {
                    return false;
                };
                star = Some((place, taken + 1));
                at = place + 1;
                to = taken + 1;
            }
        }
    }
    wide.get(at..).is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}

/// The same for actions, whose case does not matter.
pub(super) fn covers_action(wide: &str, narrow: &str) -> bool {
    covers(&wide.to_ascii_lowercase(), &narrow.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_patterns_cover_narrow_ones() {
        for (wide, narrow, expected) in [
            ("*", "", true),
            ("*", "a*b", true),
            ("a", "a", true),
            ("a", "b", false),
            ("a", "*", false),
            ("?", "*", false),
            ("?", "a", true),
            ("?", "?", true),
            ("a", "?", false),
            ("table/*", "table/db/*", true),
            ("table/db/*", "table/*", false),
            ("table/db/*", "table/db/x", true),
            ("table/db/*", "table/db2/x", false),
            ("a*c", "abc", true),
            ("a*c", "abcd", false),
            ("a*b*c", "a1b2b3c", true),
            ("**", "x", true),
            ("x", "", false),
            ("", "", true),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::b", false),
            ("arn:aws:s3:::b*", "arn:aws:s3:::b", true),
        ] {
            assert_eq!(covers(wide, narrow), expected, "{wide} covers {narrow}");
        }
    }

    #[test]
    fn actions_have_no_case() {
        assert!(covers_action("GLUE:get*", "glue:GetTable"));
        assert!(!covers_action("glue:Get*", "glue:CreateTable"));
    }

    #[test]
    fn hostile_patterns_end() {
        let wide = "a*".repeat(500);
        assert!(!covers(&wide, &"a".repeat(400)));
        assert!(!covers(&format!("{wide}b"), &"a".repeat(5_000)));
    }
}
