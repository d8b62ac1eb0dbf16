//! `textDocument/rename`, `prepareRename`, and `workspace/willRenameFiles`.

use glueline_base::Utf8PathBuf;
use glueline_ide::rename::{self, Move};
use tower_lsp_server::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp_server::ls_types::{
    DocumentChangeOperation, DocumentChanges, PrepareRenameResponse, RenameFile, RenameFilesParams,
    RenameParams, ResourceOp, TextDocumentPositionParams, WorkspaceEdit,
};

use crate::convert::workspace_edit;
use crate::uri;
use crate::view::{ProjectView, View};

/// The request was understood, and cannot be done (`RequestFailed` of the protocol).
const REQUEST_FAILED: i64 = -32803;

fn refused(why: String) -> Error {
    Error {
        code: ErrorCode::ServerError(REQUEST_FAILED),
        message: why.into(),
        data: None,
    }
}

/// What would be renamed.
pub(crate) fn prepare(
    view: &View,
    params: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let prepared =
        rename::prepare(&view.analysis, view.at(params.position), &view.cancel).map_err(refused)?;
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder {
        range: view.range(prepared.range),
        placeholder: prepared.placeholder,
    }))
}

/// The changes that a rename takes.
pub(crate) fn rename(view: &View, params: &RenameParams) -> Result<Option<WorkspaceEdit>> {
    let at = view.at(params.text_document_position.position);
    let renamed = rename::rename(&view.analysis, at, &params.new_name, &view.cancel).map_err(refused)?;
    let Some(edit) = workspace_edit(view, &renamed.edits) else {
        return Ok(None);
    };
    if renamed.moves.is_empty() {
        return Ok(Some(edit));
    }
    if !view.agreed.renames_files() {
        let names: Vec<&str> = renamed
            .moves
            .iter()
            .filter_map(|moved| moved.to.file_name())
            .collect();
        return Err(refused(format!(
            "This takes files of other names ({}), and the editor cannot rename files when a server asks.",
            names.join(", ")
        )));
    }
    Ok(with_moves(view, edit, &renamed.moves))
}

/// An edit with files that get another name after it.
fn with_moves(view: &ProjectView, edit: WorkspaceEdit, moves: &[Move]) -> Option<WorkspaceEdit> {
    let texts = match edit.document_changes {
        Some(DocumentChanges::Edits(edits)) => edits,
        Some(DocumentChanges::Operations(_)) | None => return None,
    };
    let moves = moves.iter().map(|moved| {
        Some(DocumentChangeOperation::Op(ResourceOp::Rename(RenameFile {
            old_uri: view.uri_of(moved.file)?,
            new_uri: uri::of_path(&moved.to)?,
            options: None,
            annotation_id: None,
        })))
    });
    let operations: Option<Vec<_>> = texts
        .into_iter()
        .map(|edit| Some(DocumentChangeOperation::Edit(edit)))
        .chain(moves)
        .collect();
    Some(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations?)),
        ..WorkspaceEdit::default()
    })
}

/// What has to change with files that the user is about to give other names.
pub(crate) fn will_rename_files(views: &[ProjectView], params: &RenameFilesParams) -> Option<WorkspaceEdit> {
    let moves: Vec<_> = params
        .files
        .iter()
        .filter_map(|file| Some((path(&file.old_uri)?, path(&file.new_uri)?)))
        .collect();
    let edits = views.iter().filter_map(|view| {
        let edits = rename::moved_files(&view.analysis, &moves);
        if edits.is_empty() {
            None
        } else {
            workspace_edit(view, &edits)
        }
    });
    edits.reduce(joined)
}

fn path(uri: &str) -> Option<Utf8PathBuf> {
    uri::to_path(&uri.parse().ok()?)
}

/// The changes of two projects, which have no file in common.
fn joined(mut one: WorkspaceEdit, other: WorkspaceEdit) -> WorkspaceEdit {
    if let (Some(changes), Some(more)) = (&mut one.changes, other.changes) {
        changes.extend(more);
    }
    if let (Some(DocumentChanges::Edits(edits)), Some(DocumentChanges::Edits(more))) =
        (&mut one.document_changes, other.document_changes)
    {
        edits.extend(more);
    }
    one
}
