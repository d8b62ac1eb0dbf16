//! What Spark makes of queries that it only looks at, many in one statement.

use glueline_render::SparkError;
use serde_json::Value as Json;

/// What Spark makes of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It would run it.
    Accepts,
    /// It refuses it.
    Refuses(SparkError),
    /// It was not asked: the text is a statement that does something, and to look at it would be to do it.
    NoQuery,
}

/// The code that asks for the verdicts on queries, each a literal of Python, behind what comes before each statement.
pub(crate) fn code(first: &str, literals: &[String]) -> String {
    format!("{first}_glueline.verdicts([{}])", literals.join(","))
}

/// Parts literals into as few batches as there is room for, in their order; one that is too long by itself is a batch.
pub(crate) fn batches(literals: &[String], room: usize) -> Vec<&[String]> {
    let mut batches = Vec::new();
    let mut rest = literals;
    while !rest.is_empty() {
        let mut length = 0;
        let fit = rest.iter().take_while(|literal| {
            length += literal.chars().count() + 1;
            // No comma stands before the first.
            length <= room + 1
        });
        let (batch, others) = rest.split_at(fit.count().max(1));
        batches.push(batch);
        rest = others;
    }
    batches
}

/// Reads the answer on so many queries.
///
/// # Errors
///
/// Where it is none.
pub(crate) fn read(text: &str, count: usize) -> Result<Vec<Verdict>, String> {
    let wrong = || {
        "the answer of the session cannot be read: it does not say of each query what becomes of it"
            .to_owned()
    };
    let answer: Vec<Json> = serde_json::from_str(text).map_err(|_| wrong())?;
    let verdicts = answer.iter().map(verdict).collect::<Option<Vec<_>>>();
    verdicts
        .filter(|verdicts| verdicts.len() == count)
        .ok_or_else(wrong)
}

fn verdict(answer: &Json) -> Option<Verdict> {
    if answer.is_null() {
        return Some(Verdict::Accepts);
    }
    match answer.as_array()?.as_slice() {
        [Json::String(name), Json::String(value)] => {
            Some(Verdict::Refuses(SparkError::new(name.clone(), value.clone())))
        }
        [Json::String(nothing)] if nothing.is_empty() => Some(Verdict::NoQuery),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_go_together_as_far_as_there_is_room() {
        for (lengths, room, want) in [
            (vec![], 10, vec![]),
            (vec![4, 5], 10, vec![2]),
            (vec![5, 5], 10, vec![1, 1]),
            (vec![11, 1, 1], 10, vec![1, 2]),
            (vec![1, 11, 1], 10, vec![1, 1, 1]),
        ] {
            let literals: Vec<String> = lengths.iter().map(|length| "\u{e9}".repeat(*length)).collect();
            let found: Vec<usize> = batches(&literals, room).iter().map(|batch| batch.len()).collect();
            assert_eq!(found, want, "{lengths:?}");
        }
    }

    #[test]
    fn an_answer_speaks_of_each_query() {
        let refused = Verdict::Refuses(SparkError::new("ParseException", "no"));
        let text = r#"[null, ["ParseException", "no"], [""]]"#;
        assert_eq!(
            read(text, 3),
            Ok(vec![Verdict::Accepts, refused, Verdict::NoQuery])
        );
        for (text, count) in [(text, 2), ("null", 1), ("[1]", 1), (r#"[["x"]]"#, 1), ("[", 0)] {
            assert!(read(text, count).is_err(), "{text}");
        }
    }
}
