//! What can stand at a place that is being typed.
//!
//! Nothing here needs a text that can be parsed: what stands around the caret is told from tokens and from the indentation of
//! lines ([`glueline_jinja::cursor()`], [`glueline_yaml::cursor`], [`glueline_python::cursor()`]), and what is offered comes
//! from the project as it was last understood and from the catalogue. Where it is not clear what fits, nothing is offered.

mod calls;
mod config;
mod cx;
mod item;
mod jinja;
mod models;
mod python;
mod refs;
mod selector;
mod settings;
mod sql;
mod subject;
mod suppress;
mod words;
mod yaml;

use glueline_project::FileKind;

use crate::card::Card;
use crate::{Analysis, FilePosition};
use cx::Cx;
pub use item::{Completions, Item, ItemKind};
pub(crate) use models::Refable;
pub use settings::{FORMATS, LEVELS, SETTINGS, SettingValue};
pub use subject::Subject;

/// Characters, beside letters, behind which something new can be offered.
pub const TRIGGERS: [char; 13] = ['\'', '"', '.', '(', ',', '{', '%', ' ', '|', '=', ':', '+', '['];

/// What can stand at a place. `typed` is the character of [`TRIGGERS`] that was just typed, where the person did not ask: then
/// less is offered.
pub fn complete(analysis: &Analysis, at: FilePosition, typed: Option<char>) -> Completions {
    let Some(cx) = Cx::new(analysis, at, typed) else {
        return Completions::default();
    };
    // White space in front of a line is no question.
    if typed == Some(' ') && cx.line_before().trim().is_empty() {
        return Completions::default();
    }
    if let Some(found) = suppress::complete(&cx) {
        return found;
    }
    match cx.info.kind {
        FileKind::Model
        | FileKind::Snapshot
        | FileKind::Analysis
        | FileKind::SingularTest
        | FileKind::GenericTest
        | FileKind::Macro
        | FileKind::Docs => jinja::complete(&cx),
        FileKind::PythonModel => python::complete(&cx),
        FileKind::ProjectFile
        | FileKind::Profiles
        | FileKind::Packages
        | FileKind::Selectors
        | FileKind::Vars
        | FileKind::Properties => yaml::complete(&cx),
        FileKind::Settings => settings::complete(&cx),
        FileKind::Seed | FileKind::Fixture => Completions::default(),
    }
}

/// What is known of an item beside what it shows; `None` where that is nothing, or no longer there.
pub fn resolve(analysis: &Analysis, subject: &Subject) -> Option<Card> {
    subject::describe(analysis, subject)
}
