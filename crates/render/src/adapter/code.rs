//! Python code that the adapter writes and sends.

use glueline_template::{Cx, Error, ErrorKind, Value};

use crate::host::NodeHost;
use crate::run::{refusal_of_pasted, send_python};

/// Sends code, and says what the adapter says where the session refuses it. `pasted` are texts that stand in it between three
/// double quotes: what a user wrote there may end them.
pub(super) fn send(
    cx: &Cx,
    host: &NodeHost,
    code: &str,
    pasted: &[&str],
    failure: &'static str,
) -> Result<Value, Error> {
    let refused = pasted.iter().find_map(|text| refusal_of_pasted(text));
    match send_python(cx, host, code, refused) {
        Ok(()) => Ok(Value::None),
        Err(error) => Err(failed(error, failure)),
    }
}

/// What the adapter makes of an error of the session: only its own words remain.
pub(super) fn failed(error: Error, failure: &'static str) -> Error {
    match error.kind() {
        kind @ ErrorKind::Python("DbtDatabaseError") => Error::new(kind, failure),
        _ => error,
    }
}
