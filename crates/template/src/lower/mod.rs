//! From the syntax of a template to a program.

use std::sync::Arc;

use glueline_jinja::{Definition, Template};

use crate::program::{Origin, Program};

/// What a program is made for.
#[derive(Debug, Clone)]
pub struct Unit {
    /// How traces and messages call it.
    pub name: Arc<str>,
    /// Where its text stands.
    pub origin: Origin,
    /// The name under which the engine keeps it compiled, where it is run more than once.
    pub cached: Option<String>,
}

/// A template that is rendered as it is.
pub fn lower_template(unit: Unit, template: &Template<'_>) -> Program {
    let _ = (unit, template);
    unimplemented!()
}

/// A macro.
pub fn lower_definition(unit: Unit, text: &str, definition: &Definition<'_>) -> Program {
    let _ = (unit, text, definition);
    unimplemented!()
}
