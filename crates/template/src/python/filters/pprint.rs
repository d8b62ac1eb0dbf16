//! `pprint`.

use crate::{Args, Cx, Error, Value};

pub(super) fn pprint(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let _ = args;
    Err(Error::unsupported("the filter pprint is not supported"))
}
