//! How well a name fits what was typed: its letters in order, with whatever between them.

/// What a letter at the start of a word is worth.
const START: i64 = 12;
/// What a letter right behind the last one is worth.
const NEXT: i64 = 14;
/// What a letter of the same case is worth.
const CASE: i64 = 1;

/// How well a name fits; the more the better. `None` where a letter is missing. White space in the query is passed over.
pub(super) fn score(query: &str, name: &str) -> Option<i64> {
    let mut score = 0;
    let mut letters = name.char_indices();
    let mut last: Option<char> = None;
    let mut matched_last = false;
    for wanted in query.chars().filter(|c| !c.is_whitespace()) {
        loop {
            let (_, letter) = letters.next()?;
            let starts = is_start(last, letter);
            last = Some(letter);
            if !same(wanted, letter) {
                matched_last = false;
                continue;
            }
            score += 1 + i64::from(wanted == letter) * CASE;
            if starts {
                score += START;
            }
            if matched_last {
                score += NEXT;
            }
            matched_last = true;
            break;
        }
    }
    let rest = letters.count();
    let exact = i64::from(rest == 0 && query.chars().count() == name.chars().count());
    let starts = i64::from(
        name.get(..query.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(query)),
    );
    let length = i64::try_from(name.len().min(64)).unwrap_or(64);
    Some(score * 4 + exact * 200 + starts * 40 - length)
}

fn same(a: char, b: char) -> bool {
    a == b || a.eq_ignore_ascii_case(&b) || (!a.is_ascii() && a.to_lowercase().eq(b.to_lowercase()))
}

/// Whether a letter begins a word: the first, one behind a sign, a capital behind a small letter.
fn is_start(last: Option<char>, letter: char) -> bool {
    match last {
        None => true,
        Some(last) => !last.is_alphanumeric() || (last.is_lowercase() && letter.is_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_in_order() {
        for (query, name, fits) in [
            ("", "orders", true),
            ("ord", "orders", true),
            ("ODS", "orders", true),
            ("sto", "stg_orders", true),
            ("so", "orders", false),
            ("orders_", "orders", false),
            ("stg orders", "stg_orders", true),
            ("ü", "Über", true),
        ] {
            assert_eq!(score(query, name).is_some(), fits, "{query} {name}");
        }
    }

    /// Of each row the first fits better than the second.
    #[test]
    fn the_better_come_first() {
        for (query, better, worse) in [
            ("orders", "orders", "orders_daily"),
            ("orders", "orders_daily", "stg_orders"),
            ("orders", "stg_orders", "o_r_d_e_r_s"),
            ("so", "stg_orders", "season"),
            ("fo", "fct_orders", "f_xo"),
            ("a", "ab", "abc"),
        ] {
            assert!(
                score(query, better) > score(query, worse),
                "{query}: {better} {worse}"
            );
        }
    }
}
