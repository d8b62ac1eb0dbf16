//! Text, files, values and diagnostics: the words every other crate of Glueline speaks.
//!
//! Positions inside Glueline are byte offsets (`u32`, [`TextSize`]) and always travel with the file they
//! belong to ([`FileRange`]). Lines and columns exist only where something is shown, and are computed by
//! [`LineIndex`]. All input and output enters through [`System`].
//!
//! This crate knows nothing of YAML, Jinja, dbt or Glue.

mod cancel;
mod diagnostic;
mod line_index;
mod overlay;
mod shared_vec;
mod suggest;
mod system;
mod text;
mod value;

pub use camino::{Utf8Path, Utf8PathBuf};
pub use cancel::{Cancel, Gate, Urgent};
pub use diagnostic::{Diagnostic, Edit, Fix, Group, Related, RuleMeta, Safety, Severity, Stage, Stop};
pub use line_index::{LineColumn, LineIndex};
pub use overlay::Overlay;
pub use shared_vec::{Iter as SharedVecIter, SharedVec};
pub use suggest::nearest;
pub use system::{DirEntry, FileKind, MemSystem, OsSystem, System};
pub use text::{
    FileId, FileRange, Source, Spanned, SyntaxError, TextRange, TextSize, range, slice, starts_of_lines,
};
pub use value::{MapEntry, Node, Value};
