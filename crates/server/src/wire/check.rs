//! Whether a message is one of JSON-RPC.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{INVALID_REQUEST, PARSE_ERROR};

/// What is to be done with a message.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// It is handed on, as it is or as it was meant.
    Good(Vec<u8>),
    /// It is answered with an error.
    Bad {
        /// What it is the answer to, if that can be told.
        id: Value,
        /// The error of JSON-RPC.
        code: i64,
        /// What is wrong.
        message: &'static str,
    },
    /// Nobody waits for it.
    Pointless,
}

/// The parts of a message. Repeated ones are refused, as by every reader after this one.
#[derive(Deserialize)]
struct Parts {
    #[serde(default)]
    jsonrpc: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    method: Option<Value>,
    #[serde(default, rename = "params")]
    _params: Option<IgnoredAny>,
    #[serde(default)]
    result: Option<IgnoredAny>,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

/// A part that is there, be it `null`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Looks at a message.
pub(super) fn check(body: Vec<u8>) -> Verdict {
    let bad = |id: Value, code, message| Verdict::Bad { id, code, message };
    let Ok(text) = std::str::from_utf8(&body) else {
        return bad(Value::Null, PARSE_ERROR, "The message is not UTF-8");
    };
    let parts: Parts = match serde_json::from_str(text) {
        Ok(parts) => parts,
        Err(error) if error.is_data() => {
            return bad(
                Value::Null,
                INVALID_REQUEST,
                "The message is no object of JSON-RPC",
            );
        }
        Err(_) => return bad(Value::Null, PARSE_ERROR, "The message is not JSON"),
    };
    let has_id = |id: &Value| id.is_string() || id.as_i64().is_some();
    let known_id = || parts.id.clone().filter(has_id).unwrap_or(Value::Null);
    if parts.method.is_none() {
        return answer_of_client(text);
    }
    let is_request = parts.jsonrpc == Some(json!("2.0"))
        && parts.id.as_ref().is_none_or(has_id)
        && parts
            .method
            .as_ref()
            .and_then(Value::as_str)
            .is_some_and(|method| !method.is_empty());
    // A message that is both would be taken for an answer.
    let is_both = parts.result.is_some() || parts.error.is_some();
    if is_request && !is_both {
        return Verdict::Good(body);
    }
    if parts.id.is_none() && is_request {
        return Verdict::Pointless;
    }
    bad(
        known_id(),
        INVALID_REQUEST,
        "The message is no request of JSON-RPC 2.0",
    )
}

/// An answer of the client, with nothing in it that would keep it from being read.
fn answer_of_client(text: &str) -> Verdict {
    let message: Value = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(_) => return Verdict::Pointless,
    };
    let Some(id) = message
        .get("id")
        .filter(|id| id.is_string() || id.as_i64().is_some())
    else {
        // Neither a request nor an answer to one.
        let is_empty = message.get("result").is_none() && message.get("error").is_none();
        return if is_empty {
            Verdict::Bad {
                id: Value::Null,
                code: INVALID_REQUEST,
                message: "The message is neither a request nor an answer",
            }
        } else {
            Verdict::Pointless
        };
    };
    let answer = match message.get("error").filter(|error| error.is_object()) {
        Some(error) => {
            let code = error.get("code").and_then(Value::as_i64).unwrap_or(-32603);
            let words = error.get("message").and_then(Value::as_str).unwrap_or("");
            json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": words}})
        }
        None => {
            let result = message.get("result").unwrap_or(&Value::Null);
            json!({"jsonrpc": "2.0", "id": id, "result": result})
        }
    };
    Verdict::Good(answer.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_messages_are_told_from_good_ones() {
        let good = |text: &str| Verdict::Good(text.as_bytes().to_vec());
        let bad = |id: Value, code| (id, code);
        for text in [
            r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#,
            r#"{"jsonrpc":"2.0","id":"x","method":"a","params":{"b":[1]}}"#,
            r#"{"jsonrpc":"2.0","method":"a","params":null,"more":1}"#,
        ] {
            assert_eq!(check(text.as_bytes().to_vec()), good(text));
        }
        for (text, want) in [
            ("", bad(Value::Null, PARSE_ERROR)),
            ("{", bad(Value::Null, PARSE_ERROR)),
            ("\u{1}", bad(Value::Null, PARSE_ERROR)),
            ("[]", bad(Value::Null, INVALID_REQUEST)),
            ("3", bad(Value::Null, INVALID_REQUEST)),
            ("{}", bad(Value::Null, INVALID_REQUEST)),
            (r#"{"id":1,"method":"a"}"#, bad(json!(1), INVALID_REQUEST)),
            (
                r#"{"jsonrpc":"1.0","id":1,"method":"a"}"#,
                bad(json!(1), INVALID_REQUEST),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1,"method":3}"#,
                bad(json!(1), INVALID_REQUEST),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1,"method":""}"#,
                bad(json!(1), INVALID_REQUEST),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#,
                bad(Value::Null, INVALID_REQUEST),
            ),
            (
                r#"{"jsonrpc":"2.0","id":null,"method":"a"}"#,
                bad(Value::Null, INVALID_REQUEST),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"a"}"#,
                bad(Value::Null, INVALID_REQUEST),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1,"method":"a","result":1}"#,
                bad(json!(1), INVALID_REQUEST),
            ),
        ] {
            match check(text.as_bytes().to_vec()) {
                Verdict::Bad { id, code, .. } => assert_eq!((id, code), want, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(matches!(
            check(vec![b'"', 0xff, b'"']),
            Verdict::Bad {
                code: PARSE_ERROR,
                ..
            }
        ));
    }

    #[test]
    fn answers_of_clients_are_mended() {
        for (text, want) in [
            (
                r#"{"id":1,"result":{"a":1}}"#,
                Some(r#"{"jsonrpc":"2.0","id":1,"result":{"a":1}}"#),
            ),
            (r#"{"id":1}"#, Some(r#"{"jsonrpc":"2.0","id":1,"result":null}"#)),
            (
                r#"{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":-1,"message":"no","stack":"x"}}"#,
                Some(r#"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}"#),
            ),
            (
                r#"{"jsonrpc":"2.0","id":1,"result":3,"error":null}"#,
                Some(r#"{"jsonrpc":"2.0","id":1,"result":3}"#),
            ),
            (r#"{"jsonrpc":"2.0","id":null,"result":3}"#, None),
        ] {
            let want = want.map_or(Verdict::Pointless, |text| Verdict::Good(text.as_bytes().to_vec()));
            assert_eq!(check(text.as_bytes().to_vec()), want, "{text}");
        }
    }
}
