//! Names that a template binds for itself, and where they are known.

use std::sync::Arc;

use glueline_base::{FileId, TextSize};
use glueline_project::MacroRef;

use super::Symbol;

/// What a name is bound to.
#[derive(Debug, Clone, Copy)]
enum Bound {
    /// A name of the file, with where it first stands.
    Local(TextSize),
    /// A parameter of a macro that other files can call.
    Parameter(MacroRef),
}

/// The names that are known at a place, innermost last.
#[derive(Debug, Default)]
pub(super) struct Locals {
    frames: Vec<Vec<(Arc<str>, Bound)>>,
}

impl Locals {
    /// Names at the top of a template.
    pub(super) fn new() -> Self {
        Self {
            frames: vec![Vec::new()],
        }
    }

    /// Enters a part of the template whose names end with it.
    pub(super) fn enter(&mut self) {
        self.frames.push(Vec::new());
    }

    /// Leaves it.
    pub(super) fn leave(&mut self) {
        self.frames.pop();
    }

    /// Hides every name: dbt compiles each macro of a macro file alone. Gives what was hidden.
    pub(super) fn hide(&mut self) -> Self {
        std::mem::replace(self, Self::new())
    }

    /// Binds a name anew, whatever it meant around.
    pub(super) fn bind(&mut self, name: &str, at: TextSize) {
        self.push(name, Bound::Local(at));
    }

    /// Binds a parameter of a macro.
    pub(super) fn bind_parameter(&mut self, name: &str, of: MacroRef) {
        self.push(name, Bound::Parameter(of));
    }

    /// Binds a name by `set`. A name that is known already stays the same one: in a loop, what is read afterwards may be
    /// either, so that the two must keep one name.
    pub(super) fn set(&mut self, name: &str, at: TextSize) {
        if self.find(name).is_none() {
            self.push(name, Bound::Local(at));
        }
    }

    fn push(&mut self, name: &str, bound: Bound) {
        if let Some(frame) = self.frames.last_mut() {
            frame.push((name.into(), bound));
        }
    }

    fn find(&self, name: &str) -> Option<Bound> {
        let innermost_first = self.frames.iter().rev().flat_map(|frame| frame.iter().rev());
        let mut found = innermost_first.filter(|(known, _)| **known == *name);
        found.next().map(|(_, bound)| *bound)
    }

    /// Whether the template binds a name here.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// What a name stands for, where the template binds it.
    pub(super) fn symbol(&self, file: FileId, name: &str) -> Option<Symbol> {
        Some(match self.find(name)? {
            Bound::Local(first) => Symbol::Local {
                file,
                first,
                name: name.into(),
            },
            Bound::Parameter(of) => Symbol::Parameter {
                of,
                name: name.into(),
            },
        })
    }
}
