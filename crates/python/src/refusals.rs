//! What dbt refuses in a Python model that is sound Python.

use glueline_base::{TextRange, Value, range};

use crate::model::{Call, CallKind, Ending, Function, ParameterKind, PythonModel, Star};

/// A reason for which dbt refuses to parse the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub kind: RefusalKind,
    /// The place to blame.
    pub range: TextRange,
}

/// The reasons, as dbt-core 1.12 checks them when it parses the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// Something that reads as Jinja.
    Jinja,
    /// No function `model`.
    NoModel,
    /// More than one function `model`; the place is the second.
    SeveralModels,
    /// The first parameter of `model` is not called `dbt`.
    FirstParameter,
    /// `model` has another number of plain parameters than two.
    ParameterCount(usize),
    /// `model` does not end with a `return` of one value.
    Ending,
    /// An argument of one of dbt's functions is no literal.
    NotLiteral,
    /// `dbt.ref` takes one or two texts, and a version.
    RefArguments,
    /// `dbt.source` takes two texts.
    SourceArguments,
    /// `dbt.config` takes named arguments or one mapping.
    ConfigArguments,
    /// `dbt.config.get` and `dbt.config.meta_get` take a name and perhaps a default.
    GetArguments(usize),
}

impl PythonModel {
    /// What dbt refuses, in the order of the text. Where there are syntax errors dbt reports nothing else.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        let mut refuse = |kind, range| refusals.push(Refusal { kind, range });
        if let Some(range) = self.jinja {
            refuse(RefusalKind::Jinja, range);
        }
        if self.is_empty {
            return refusals;
        }
        let mut models = self
            .functions
            .iter()
            .filter(|function| &*function.name.value == "model" && !function.is_async);
        match models.next() {
            None => refuse(RefusalKind::NoModel, range(0, 0)),
            Some(model) => check_model(model, &mut refuse),
        }
        if let Some(second) = models.next() {
            refuse(RefusalKind::SeveralModels, second.name.range);
        }
        for call in self.calls.iter().filter(|call| call.is_seen) {
            check_call(call, &mut refuse);
        }
        refusals.sort_by_key(|refusal| refusal.range.start());
        refusals
    }
}

fn check_model(model: &Function, refuse: &mut impl FnMut(RefusalKind, TextRange)) {
    let mut plain = model
        .parameters
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::Plain);
    let count = plain.clone().count();
    if let Some(first) = plain.next().filter(|first| &*first.name.value != "dbt") {
        refuse(RefusalKind::FirstParameter, first.name.range);
    }
    if count != 2 {
        refuse(RefusalKind::ParameterCount(count), model.name.range);
    }
    match model.ending {
        Ending::ReturnTuple(range) | Ending::Other(range) => refuse(RefusalKind::Ending, range),
        Ending::Return | Ending::Missing => {}
    }
}

fn check_call(call: &Call, refuse: &mut impl FnMut(RefusalKind, TextRange)) {
    let mut is_known = true;
    for argument in &call.arguments {
        if !argument.is_literal {
            refuse(RefusalKind::NotLiteral, argument.value.range);
        }
        is_known &= argument.is_literal && argument.star == Star::None;
    }
    if !is_known {
        return;
    }
    let positional: Vec<_> = call.positional().map(|argument| &argument.value.value).collect();
    let named = call.arguments.len() - positional.len();
    // What is a literal but unknown may be anything.
    let may_be_text = |value: &Value| matches!(value, Value::Str(_) | Value::Unknown);
    let is_right = match call.kind {
        CallKind::Ref => match positional.as_slice() {
            [name] => may_be_text(name),
            [package, name] => may_be_text(name) && (may_be_text(package) || **package == Value::Null),
            _ => false,
        },
        CallKind::Source => {
            positional.len() == 2 && named == 0 && positional.iter().all(|value| may_be_text(value))
        }
        CallKind::Config => matches!(
            (positional.as_slice(), named),
            ([Value::Map(_) | Value::Unknown], 0) | ([], 1..)
        ),
        CallKind::ConfigGet | CallKind::ConfigMetaGet => matches!(positional.len(), 1 | 2),
    };
    if is_right {
        return;
    }
    let kind = match call.kind {
        CallKind::Ref => RefusalKind::RefArguments,
        CallKind::Source => RefusalKind::SourceArguments,
        CallKind::Config => RefusalKind::ConfigArguments,
        CallKind::ConfigGet | CallKind::ConfigMetaGet => RefusalKind::GetArguments(positional.len()),
    };
    refuse(kind, call.range);
}
