//! What a file of Jinja and SQL says without being rendered.

use glueline_base::{Spanned, SyntaxError, TextRange, Value};

use crate::values::Text;

/// A condition around a call: the call is reached only if the expression is true, or false where `holds` is false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    /// The expression.
    pub expression: TextRange,
    /// Which way it must turn out.
    pub holds: bool,
}

/// Where a call stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The whole call.
    pub range: TextRange,
    /// The macro it stands in: an index into [`SqlFacts::macros`].
    pub in_macro: Option<usize>,
    /// The snapshot block it stands in: an index into [`SqlFacts::snapshots`].
    pub in_snapshot: Option<usize>,
    /// The conditions around it, outermost first.
    pub conditions: Box<[Condition]>,
    /// Whether a loop is around it, which may run no time at all.
    pub in_loop: bool,
    /// Whether it stands where its value is not used as text: `{% set %}` bodies, `{% call %}` bodies and the like.
    pub captured: bool,
}

impl Site {
    /// Whether it is evaluated whenever its file, or its snapshot, is.
    pub fn is_unconditional(&self) -> bool {
        self.in_macro.is_none() && self.conditions.is_empty() && !self.in_loop
    }
}

/// `ref(...)`.
#[derive(Debug, Clone, PartialEq)]
pub struct RefCall {
    /// Where.
    pub site: Site,
    /// The package, for the form with two arguments.
    pub package: Option<Text>,
    /// The name; `None` where it is computed.
    pub name: Option<Text>,
    /// `v=` or `version=`.
    pub version: Option<Spanned<Value>>,
    /// How many positional arguments it has.
    pub arguments: usize,
}

/// `source(...)`.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceCall {
    /// Where.
    pub site: Site,
    /// The source; `None` where it is computed.
    pub source: Option<Text>,
    /// The table; `None` where it is computed.
    pub table: Option<Text>,
    /// How many positional arguments it has.
    pub arguments: usize,
}

/// `config(...)` that sets something.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigCall {
    /// Where.
    pub site: Site,
    /// Keys and values as far as they are literal; the range of an unknown value is that of its expression, so that
    /// it can be read again with more knowledge.
    pub entries: Vec<(Text, Spanned<Value>)>,
    /// Whether it may set keys that are not listed (`**options`).
    pub opaque: bool,
}

/// `var(...)` or `env_var(...)`.
#[derive(Debug, Clone, PartialEq)]
pub struct VarCall {
    /// Where.
    pub site: Site,
    /// The name; `None` where it is computed.
    pub name: Option<Text>,
    /// Whether it has a default.
    pub has_default: bool,
}

/// A call of anything else: a macro, a context function, a method.
#[derive(Debug, Clone, PartialEq)]
pub struct MacroCall {
    /// Where.
    pub site: Site,
    /// What is called, with its dots: `dbt_utils.star`, `adapter.get_relation`.
    pub path: Text,
    /// The range of the first name of the path.
    pub head: TextRange,
    /// Positional arguments.
    pub positional: usize,
    /// Keyword arguments.
    pub keywords: Vec<Text>,
    /// Whether it has `*args` or `**kwargs`.
    pub starred: bool,
    /// The literal first argument.
    pub first: Option<Spanned<Value>>,
    /// Whether the first name of the path is bound in the file: by `set`, `for`, `macro`, a parameter, ...
    pub is_local: bool,
}

/// A name that is used and not called.
#[derive(Debug, Clone, PartialEq)]
pub struct NameUse {
    /// Where.
    pub site: Site,
    /// The name with its attributes: `this`, `target.schema`.
    pub path: Text,
}

/// `{% macro %}`, `{% test %}`, `{% materialization %}`.
#[derive(Debug, Clone, PartialEq)]
pub struct MacroDef {
    /// What kind of definition it is.
    pub kind: MacroKind,
    /// Its name as dbt knows it: `m`, `test_m`, `materialization_m_glue`.
    pub name: Text,
    /// The name as written.
    pub written: Text,
    /// From the opening tag to the end of the closing one.
    pub range: TextRange,
    /// Its parameters, with whether they have a default.
    pub parameters: Vec<(Text, bool)>,
    /// Whether its body reads `kwargs` or `varargs`, and so takes any argument.
    pub takes_any: bool,
}

/// What kind of definition a macro is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacroKind {
    /// `{% macro %}`.
    Macro,
    /// `{% test %}`.
    Test,
    /// `{% materialization %}`.
    Materialization,
}

/// `{% snapshot %}`.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotBlock {
    /// Its name.
    pub name: Text,
    /// The whole block.
    pub range: TextRange,
}

/// `{% docs %}`.
#[derive(Debug, Clone, PartialEq)]
pub struct DocsBlock {
    /// Its name.
    pub name: Text,
    /// The whole block.
    pub range: TextRange,
}

/// All that is known of a file of Jinja and SQL.
#[derive(Debug, Clone, Default)]
pub struct SqlFacts {
    /// Faults of the Jinja.
    pub errors: Vec<SyntaxError>,
    /// `ref()` calls.
    pub refs: Vec<RefCall>,
    /// `source()` calls.
    pub sources: Vec<SourceCall>,
    /// `config()` calls that set something.
    pub configs: Vec<ConfigCall>,
    /// `var()` calls.
    pub vars: Vec<VarCall>,
    /// `env_var()` calls.
    pub env_vars: Vec<VarCall>,
    /// All other calls.
    pub calls: Vec<MacroCall>,
    /// Uses of names that the file does not bind: `this`, `target`, and any other of which an attribute is taken.
    pub names: Vec<NameUse>,
    /// Macros, tests and materializations defined here.
    pub macros: Vec<MacroDef>,
    /// Snapshots defined here.
    pub snapshots: Vec<SnapshotBlock>,
    /// Docs blocks defined here.
    pub docs: Vec<DocsBlock>,
    /// What lies between the Jinja: the SQL as written.
    pub texts: Vec<TextRange>,
}

impl SqlFacts {
    /// Gives back the room that growing left: the facts of thousands of files are kept.
    pub(crate) fn compact(&mut self) {
        self.refs.shrink_to_fit();
        self.sources.shrink_to_fit();
        self.configs.shrink_to_fit();
        self.vars.shrink_to_fit();
        self.calls.shrink_to_fit();
        self.names.shrink_to_fit();
        self.macros.shrink_to_fit();
        self.texts.shrink_to_fit();
    }
}
