//! What is read from a Python model.

use std::sync::Arc;

use glueline_base::{Node, Spanned, SyntaxError, TextRange, range};

use crate::tokens::{Kind, Tokens};
use crate::{calls, functions};

/// Reads a Python model. Never fails: what could not be read is missing, and the reason is among the errors.
pub fn parse(text: &str) -> PythonModel {
    let mut tokens = Tokens::read(text);
    let functions = functions::read(&tokens);
    let receiver = functions
        .iter()
        .find(|function| &*function.name.value == "model")
        .and_then(|function| function.parameters.first())
        .map_or("dbt", |parameter| &parameter.name.value);
    let found = calls::read(&tokens, receiver);
    tokens.errors.sort_by_key(|error| error.range.start());
    PythonModel {
        calls: found.calls,
        accesses: found.accesses,
        imports: imports(&tokens),
        is_empty: tokens.lines.is_empty(),
        jinja: jinja(text),
        errors: std::mem::take(&mut tokens.errors),
        functions,
    }
}

/// The facts of a Python model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PythonModel {
    /// The calls of dbt's functions, in the order of the text.
    pub calls: Vec<Call>,
    /// Every attribute taken from the dbt object: `this` and `is_incremental`, but also `ref` and unknown ones.
    pub accesses: Vec<Spanned<Arc<str>>>,
    /// The top package of every import, with repetitions: `pandas` of `import pandas.io as io`.
    pub imports: Vec<Spanned<Arc<str>>>,
    /// The functions that are not inside another function.
    pub functions: Vec<Function>,
    /// Whether there is no statement at all; dbt then checks nothing.
    pub is_empty: bool,
    /// The first place that makes dbt say that Jinja is not allowed in Python models: `{{`, `{%` or `{#` anywhere,
    /// strings and comments included, or `}}`, `%}` or `#}` in a text with carriage returns.
    pub jinja: Option<TextRange>,
    /// Faults in the text, in its order.
    pub errors: Vec<SyntaxError>,
}

impl PythonModel {
    /// The function dbt runs: the first of the name `model`.
    pub fn model(&self) -> Option<&Function> {
        self.functions
            .iter()
            .find(|function| &*function.name.value == "model")
    }
}

/// A call of one of dbt's functions.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Which function.
    pub kind: CallKind,
    /// The whole call, from the object to the closing bracket.
    pub range: TextRange,
    /// The name of the function: `dbt.config.get`.
    pub callee: TextRange,
    /// What stands between the brackets.
    pub arguments: Vec<Argument>,
    /// Whether dbt finds the call when it parses the project. It overlooks calls in other calls' arguments unless
    /// they stand there directly or in a list, tuple or mapping: `f(dbt.ref("a").id)` is not seen.
    pub is_seen: bool,
}

impl Call {
    /// The arguments without a name, up to the first that is spread.
    pub fn positional(&self) -> impl Iterator<Item = &Argument> {
        self.arguments
            .iter()
            .take_while(|argument| argument.star == Star::None)
            .filter(|argument| argument.name.is_none())
    }

    /// The argument of a name.
    pub fn named(&self, name: &str) -> Option<&Argument> {
        self.arguments
            .iter()
            .find(|argument| argument.name.as_ref().is_some_and(|found| &*found.value == name))
    }
}

/// The functions of the dbt object that take arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// `dbt.ref`
    Ref,
    /// `dbt.source`
    Source,
    /// `dbt.config`
    Config,
    /// `dbt.config.get`
    ConfigGet,
    /// `dbt.config.meta_get`
    ConfigMetaGet,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Its name, if it is given by name.
    pub name: Option<Spanned<Arc<str>>>,
    /// Its value. Bytes, sets, large and complex numbers are `Unknown`, though they are literals.
    pub value: Node,
    /// Whether it is spread over several parameters.
    pub star: Star,
    /// Whether Python's `literal_eval` takes the value, as dbt demands. False for what is spread.
    pub is_literal: bool,
}

/// Whether an argument is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Star {
    /// It is not.
    None,
    /// `*values`
    List,
    /// `**values`
    Map,
}

/// The definition of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Spanned<Arc<str>>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// From `def` or `async` to the colon.
    pub header: TextRange,
    /// Whether it is an `async def`, which dbt does not count as a model.
    pub is_async: bool,
    /// The `return` statements of its body, without those of functions inside it.
    pub returns: Vec<TextRange>,
    /// How its body ends.
    pub ending: Ending,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, without stars.
    pub name: Spanned<Arc<str>>,
    /// How it takes arguments.
    pub kind: ParameterKind,
}

/// How a parameter takes arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position only: before `/`.
    PositionalOnly,
    /// By position or by name.
    Plain,
    /// By name only: after `*`.
    KeywordOnly,
    /// `*args`
    Rest,
    /// `**kwargs`
    KeywordRest,
}

/// How the body of a function ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a `return` of at most one value.
    Return,
    /// With a `return` of several values; the range is the statement.
    ReturnTuple(TextRange),
    /// With another statement; the range is its first word.
    Other(TextRange),
    /// There is no body.
    Missing,
}

fn imports(tokens: &Tokens<'_>) -> Vec<Spanned<Arc<str>>> {
    let mut found = Vec::new();
    for statement in tokens.statements() {
        let mut at = statement.start;
        match tokens.text_at(at) {
            "import" => {
                let mut is_name = true;
                while at + 1 < statement.end {
                    at += 1;
                    if tokens.text_at(at) == "," {
                        is_name = true;
                    } else if is_name && tokens.kind_at(at) == Some(Kind::Name) {
                        found.push(tokens.name_at(at));
                        is_name = false;
                    }
                }
            }
            "from" => {
                at += 1;
                while matches!(tokens.text_at(at), "." | "...") {
                    at += 1;
                }
                if at < statement.end
                    && tokens.kind_at(at) == Some(Kind::Name)
                    && tokens.text_at(at) != "import"
                {
                    found.push(tokens.name_at(at));
                }
            }
            _ => {}
        }
    }
    found
}

/// dbt renders the text and refuses it where that changes anything. Without an opening mark rendering changes
/// nothing but line endings; without any mark the text is not rendered at all.
fn jinja(text: &str) -> Option<TextRange> {
    let first = |marks: [&str; 3]| marks.into_iter().filter_map(|mark| text.find(mark)).min();
    let at = first(["{{", "{%", "{#"]).or_else(|| {
        let rewrites_line_endings = text.trim().contains('\r');
        first(["}}", "%}", "#}"]).filter(|_| rewrites_line_endings)
    })?;
    Some(range(at, at + 2))
}
