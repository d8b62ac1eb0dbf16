//! `wordwrap`.

use crate::{Args, Cx, Error, Value};

pub(super) fn wordwrap(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let _ = args;
    Err(Error::unsupported("the filter wordwrap is not supported"))
}
