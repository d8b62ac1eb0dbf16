//! Arguments of calls.

use std::sync::Arc;

use crate::{Error, Value};

/// What is passed in a call.
#[derive(Debug, Clone, Default)]
pub struct Args {
    /// By place.
    pub positional: Vec<Value>,
    /// By name, in the order written.
    pub keywords: Vec<(Arc<str>, Value)>,
}

impl Args {
    /// Arguments by place alone.
    pub fn of(positional: Vec<Value>) -> Self {
        Self {
            positional,
            keywords: Vec::new(),
        }
    }

    /// Whether nothing is passed.
    pub fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keywords.is_empty()
    }

    /// The argument under a name.
    pub fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords
            .iter()
            .find(|(keyword, _)| &**keyword == name)
            .map(|(_, value)| value)
    }

    /// Takes the argument under a name out.
    pub fn take_keyword(&mut self, name: &str) -> Option<Value> {
        let index = self.keywords.iter().position(|(keyword, _)| &**keyword == name)?;
        Some(self.keywords.remove(index).1)
    }

    /// Gives each parameter its argument, by place or by name, as Python does; `None` for one that is not passed.
    ///
    /// The first `required` parameters must be there. What fits no parameter is Python's `TypeError`.
    pub fn bind<const N: usize>(
        self,
        function: &str,
        params: [&str; N],
        required: usize,
    ) -> Result<[Option<Value>; N], Error> {
        let given = self.positional.len();
        if given > N {
            let takes = if required == N {
                N.to_string()
            } else {
                format!("from {required} to {N}")
            };
            let plural = if N == 1 { "" } else { "s" };
            let verb = if given == 1 { "was" } else { "were" };
            return Err(Error::type_error(format!(
                "{function}() takes {takes} positional argument{plural} but {given} {verb} given"
            )));
        }
        let mut bound: [Option<Value>; N] = std::array::from_fn(|_| None);
        for (slot, value) in bound.iter_mut().zip(self.positional) {
            *slot = Some(value);
        }
        for (name, value) in self.keywords {
            let found = params.iter().position(|param| *param == &*name);
            match found.and_then(|index| bound.get_mut(index)) {
                Some(slot @ None) => *slot = Some(value),
                Some(Some(_)) => {
                    return Err(Error::type_error(format!(
                        "{function}() got multiple values for argument '{name}'"
                    )));
                }
                None => {
                    return Err(Error::type_error(format!(
                        "{function}() got an unexpected keyword argument '{name}'"
                    )));
                }
            }
        }
        let missing: Vec<_> = params
            .iter()
            .zip(&bound)
            .take(required)
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| format!("'{name}'"))
            .collect();
        match missing.as_slice() {
            [] => Ok(bound),
            [one] => Err(Error::type_error(format!(
                "{function}() missing 1 required positional argument: {one}"
            ))),
            [first @ .., last] => {
                let comma = if first.len() > 1 { "," } else { "" };
                Err(Error::type_error(format!(
                    "{function}() missing {} required positional arguments: {}{comma} and {last}",
                    missing.len(),
                    first.join(", "),
                )))
            }
        }
    }
}
