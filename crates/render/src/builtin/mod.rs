//! The macros that dbt, dbt-spark and dbt-glue ship, written anew.

use glueline_template::{Args, Cx, Error, Native, Value};

/// A shipped macro: its name and what it does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Builtin {
    /// Its name: `dateadd`, `spark__dateadd`.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) body: glueline_template::Body,
}

/// The shipped macro of a name: dbt-glue's before dbt-spark's before dbt's own.
pub(crate) fn find(name: &str) -> Option<Builtin> {
    let _ = name;
    None
}

impl Native for Builtin {
    fn type_name(&self) -> &'static str {
        "MacroGenerator"
    }

    fn call(&self, cx: &Cx, args: Args) -> Result<Value, Error> {
        (self.body)(cx, args)
    }

    fn text(&self) -> String {
        format!("<macro {}>", self.name)
    }
}
