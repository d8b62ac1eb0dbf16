//! Python's `bytes`, as `str.encode()` makes them.

use crate::{Args, Cx, Error, Native, Value};

use super::params;

/// A `bytes` object.
#[derive(Debug)]
struct Bytes(Vec<u8>);

/// `text.encode(encoding)`, for UTF-8 and ASCII.
pub(crate) fn encode(text: &str, args: Args) -> Result<Value, Error> {
    let [encoding, _] = args.bind("encode", ["encoding", "errors"], 0)?;
    check(encoding)?;
    Ok(Value::native(Bytes(text.as_bytes().to_vec())))
}

fn check(encoding: Option<Value>) -> Result<(), Error> {
    let Some(encoding) = encoding else { return Ok(()) };
    let name = params::text(&encoding, "encode() argument 'encoding'")?
        .to_ascii_lowercase()
        .replace('_', "-");
    if matches!(name.as_str(), "utf-8" | "utf8") {
        Ok(())
    } else {
        Err(Error::unsupported(format!(
            "the encoding {name} is not supported"
        )))
    }
}

impl Native for Bytes {
    fn type_name(&self) -> &'static str {
        "bytes"
    }

    fn item(&self, _cx: &Cx, key: &Value) -> Option<Result<Value, Error>> {
        Some(super::lists::item(
            "bytes",
            &self.items().unwrap_or_default(),
            key,
        ))
    }

    fn call_method(&self, _cx: &Cx, name: &str, args: &Args) -> Option<Result<Value, Error>> {
        Some(match name {
            "decode" => args
                .clone()
                .bind("decode", ["encoding", "errors"], 0)
                .and_then(|[encoding, _]| check(encoding))
                .map(|()| Value::from(String::from_utf8_lossy(&self.0).into_owned())),
            "hex" => params::none(args, "bytes.hex").map(|()| {
                Value::from(
                    self.0
                        .iter()
                        .flat_map(|byte| format!("{byte:02x}").into_bytes())
                        .map(char::from)
                        .collect::<String>(),
                )
            }),
            _ => return None,
        })
    }

    fn text(&self) -> String {
        let quote = if self.0.contains(&b'\'') && !self.0.contains(&b'"') {
            '"'
        } else {
            '\''
        };
        let mut out = format!("b{quote}");
        for byte in &self.0 {
            match byte {
                b'\\' => out.push_str("\\\\"),
                b'\n' => out.push_str("\\n"),
                b'\r' => out.push_str("\\r"),
                b'\t' => out.push_str("\\t"),
                byte if char::from(*byte) == quote => {
                    out.push('\\');
                    out.push(quote);
                }
                b' '..=b'~' => out.push(char::from(*byte)),
                byte => out.push_str(&format!("\\x{byte:02x}")),
            }
        }
        out.push(quote);
        out
    }

    fn truth(&self) -> bool {
        !self.0.is_empty()
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.0.iter().map(|byte| Value::Int(i64::from(*byte))).collect())
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        Some(other.downcast::<Self>()?.0 == self.0)
    }
}
