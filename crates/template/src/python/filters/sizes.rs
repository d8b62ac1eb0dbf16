//! `filesizeformat`.

use crate::{Args, Cx, Error, Value};

use super::truth;
use crate::python::numbers;

pub(super) fn filesizeformat(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [value, binary] = args.bind("do_filesizeformat", ["value", "binary"], 1)?;
    let bytes = numbers::to_float(&value.unwrap_or_default())?;
    let binary = truth(binary, false);
    let base: f64 = if binary { 1024.0 } else { 1000.0 };
    if numbers::is_exactly(bytes, 1.0) {
        return Ok(Value::str("1 Byte"));
    }
    if bytes < base {
        return Ok(Value::from(format!("{} Bytes", numbers::truncated(bytes)?)));
    }
    let mut unit = base;
    let mut shown = String::new();
    for prefix in ["k", "M", "G", "T", "P", "E", "Z", "Y"] {
        unit *= base;
        let prefix = match (prefix, binary) {
            ("k", true) => "Ki".to_owned(),
            (prefix, true) => format!("{prefix}i"),
            (prefix, false) => prefix.to_owned(),
        };
        shown = format!("{:.1} {prefix}B", base * bytes / unit);
        if bytes < unit {
            break;
        }
    }
    Ok(Value::from(shown))
}
