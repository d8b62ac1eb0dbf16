//! What an operation answers: a document, or an error as AWS words it.

use serde_json::{Map, Value};

/// An error of a service: the name that SDKs turn into an exception, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) kind: String,
    pub(crate) message: String,
}

/// What an operation answers.
pub(crate) type Answer = Result<Value, Refusal>;

impl Refusal {
    pub(crate) fn new(kind: &str, message: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            message: message.into(),
        }
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new("EntityNotFoundException", message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidInputException", message)
    }

    /// Something that exists at AWS and not here. It is never answered as if it had been done.
    pub(crate) fn not_here(what: &str) -> Self {
        Self::new(
            "UnknownOperationException",
            format!("`glueline local` does not answer {what}."),
        )
    }

    /// The status of HTTP that goes with it: only what is our own fault is worth another try.
    pub(crate) fn status(&self) -> u16 {
        if self.kind == "InternalServiceException" {
            500
        } else {
            400
        }
    }
}

/// A text that has to be there.
pub(crate) fn text<'a>(input: &'a Value, key: &str) -> Result<&'a str, Refusal> {
    optional(input, key).ok_or_else(|| Refusal::invalid(format!("`{key}` is missing.")))
}

/// A text that may be there.
pub(crate) fn optional<'a>(input: &'a Value, key: &str) -> Option<&'a str> {
    input.get(key).and_then(Value::as_str)
}

/// The items of a list that may be there.
pub(crate) fn items<'a>(input: &'a Value, key: &str) -> &'a [Value] {
    input
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A copy of an object that may be there, else an empty one.
pub(crate) fn object(input: &Value, key: &str) -> Map<String, Value> {
    input
        .get(key)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// One page of a list: `MaxResults` items from where `NextToken` says, and the token of the next page.
pub(crate) fn page(input: &Value, name: &str, all: Vec<Value>) -> Answer {
    let start = match optional(input, "NextToken") {
        None | Some("") => 0,
        Some(token) => token
            .parse::<usize>()
            .map_err(|_| Refusal::invalid("`NextToken` is none that was given out."))?,
    };
    let most = input
        .get("MaxResults")
        .and_then(Value::as_u64)
        .and_then(|most| usize::try_from(most).ok())
        .filter(|most| *most > 0)
        .map_or(LONGEST_PAGE, |most| most.min(LONGEST_PAGE));
    let end = start.saturating_add(most);
    let more = all.len() > end;
    let mut document = Map::new();
    document.insert(
        name.to_owned(),
        Value::Array(all.into_iter().skip(start).take(most).collect()),
    );
    if more {
        document.insert("NextToken".to_owned(), Value::String(end.to_string()));
    }
    Ok(Value::Object(document))
}

/// As long as a page of Glue gets.
const LONGEST_PAGE: usize = 100;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Refusal, page};

    #[test]
    fn pages_follow_each_other() {
        let all: Vec<Value> = (0..250).map(Value::from).collect();
        let first = page(&json!({}), "L", all.clone()).unwrap();
        assert_eq!(first["L"].as_array().unwrap().len(), 100);
        assert_eq!(first["NextToken"], "100");
        let last = page(&json!({"NextToken": "200"}), "L", all.clone()).unwrap();
        assert_eq!(last["L"].as_array().unwrap().len(), 50);
        assert_eq!(last.get("NextToken"), None);
        let few = page(&json!({"MaxResults": 2}), "L", all.clone()).unwrap();
        assert_eq!(few, json!({"L": [0, 1], "NextToken": "2"}));
        let wrong: Result<Value, Refusal> = page(&json!({"NextToken": "x"}), "L", all);
        assert_eq!(wrong.unwrap_err().kind, "InvalidInputException");
    }
}
