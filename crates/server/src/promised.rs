//! Files that the client renames because an edit of the server says so.
//!
//! VS Code asks of them what has to change with their names, as it asks of those that a user renames, and it asks before it has told
//! of the edit's other changes. To answer would be to make all of them once more, in texts that have them already: VS Code notices
//! and drops the whole edit.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use glueline_base::Utf8PathBuf;
use tower_lsp_server::ls_types::{
    DocumentChangeOperation, DocumentChanges, FileRename, ResourceOp, Uri, WorkspaceEdit,
};

use crate::uri;

/// The last edit that renames files.
#[derive(Debug, Default)]
pub(crate) struct Promised(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    moves: BTreeSet<(Utf8PathBuf, Utf8PathBuf)>,
    texts: BTreeSet<Utf8PathBuf>,
}

impl Promised {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client is handed an edit, or none: whatever was handed to it before is done, or never will be.
    pub(crate) fn hand_over(&self, edit: Option<&WorkspaceEdit>) {
        let mut inner = Inner::default();
        if let Some(DocumentChanges::Operations(operations)) =
            edit.and_then(|edit| edit.document_changes.as_ref())
        {
            for operation in operations {
                match operation {
                    DocumentChangeOperation::Op(ResourceOp::Rename(file)) => {
                        inner
                            .moves
                            .extend(uri::to_path(&file.old_uri).zip(uri::to_path(&file.new_uri)));
                    }
                    DocumentChangeOperation::Edit(edit) => {
                        inner.texts.extend(uri::to_path(&edit.text_document.uri));
                    }
                    DocumentChangeOperation::Op(_) => {}
                }
            }
        }
        *self.inner() = inner;
    }

    /// A document is typed in. Where the edit does not touch it, the client is past the edit, or its user did not want it.
    pub(crate) fn typed(&self, document: &Uri) {
        let mut inner = self.inner();
        if !inner.moves.is_empty() && !uri::to_path(document).is_some_and(|path| inner.texts.contains(&path))
        {
            *inner = Inner::default();
        }
    }

    /// Of files that are about to be renamed, those that no edit of the server renames. Each is asked about once.
    pub(crate) fn others(&self, mut files: Vec<FileRename>) -> Vec<FileRename> {
        let path = |name: &str| uri::to_path(&name.parse().ok()?);
        let mut inner = self.inner();
        let is_other = |file: &FileRename| match path(&file.old_uri).zip(path(&file.new_uri)) {
            Some(moved) => !inner.moves.remove(&moved),
            None => true,
        };
        files.retain(is_other);
        files
    }
}
