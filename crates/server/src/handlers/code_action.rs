//! `textDocument/codeAction`: the fixes that findings bring with them.

use glueline_base::Safety;
use tower_lsp_server::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
};

use crate::agreed::Agreed;
use crate::convert;
use crate::view::View;

/// What can be done about the findings that the range touches.
pub(crate) fn code_action(view: &View, params: &CodeActionParams) -> Option<CodeActionResponse> {
    let only = params.context.only.as_deref();
    // A client that cannot apply an edit itself is offered none.
    if !view.agreed.code_action_literals() || !Agreed::wants_kind(only, &CodeActionKind::QUICKFIX) {
        return None;
    }
    let asked = view.bytes(params.range);
    let touched = view
        .findings()
        .into_iter()
        .filter(|finding| finding.at.range.intersect(asked).is_some());
    let actions = touched.filter_map(|finding| {
        let fix = finding.fix.as_ref()?;
        Some(CodeActionOrCommand::CodeAction(CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![convert::diagnostic(view, &finding)]),
            edit: Some(convert::workspace_edit(view, &fix.edits)?),
            is_preferred: Some(fix.safety == Safety::Safe),
            ..CodeAction::default()
        }))
    });
    Some(actions.collect())
}
