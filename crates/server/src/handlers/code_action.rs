//! `textDocument/codeAction`: fixes of findings, comments that silence them, refactorings, fix all.

use glueline_ide::actions::{Action, ActionKind, actions, fix_all};
use tower_lsp_server::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse,
};

use crate::agreed::Agreed;
use crate::convert;
use crate::view::View;

/// Applies every safe fix of a file, as editors do on saving where they are told to.
pub(crate) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.glueline");

/// What can be done at the range, and about the findings that it touches.
pub(crate) fn code_action(view: &View, params: &CodeActionParams) -> Option<CodeActionResponse> {
    let only = params.context.only.as_deref();
    // A client that cannot apply an edit itself is offered none.
    if !view.agreed.code_action_literals() {
        return None;
    }
    let wants = |kind: &CodeActionKind| Agreed::wants_kind(only, kind);
    let findings = view.findings();
    let asked = view.bytes(params.range);
    let mut found = actions(&view.analysis, view.file, asked, &findings);
    if view.is_alone() {
        // What surrounds the file is not known, and with it not what may be made of it.
        found.retain(|action| action.kind == ActionKind::QuickFix);
    }
    if wants(&FIX_ALL) {
        found.extend(fix_all(&findings));
    }
    let offered = found.into_iter().filter_map(|action| {
        let kind = kind(action.kind);
        if !wants(&kind) || (!action.creations.is_empty() && !view.agreed.creates_files()) {
            return None;
        }
        let Action { title, finding, .. } = &action;
        let about = finding.and_then(|number| findings.get(number));
        Some(CodeActionOrCommand::CodeAction(CodeAction {
            title: title.clone(),
            kind: Some(kind),
            diagnostics: about.map(|finding| vec![convert::diagnostic(view, finding)]),
            edit: Some(convert::action_edit(view, &action)?),
            is_preferred: action.is_preferred.then_some(true),
            ..CodeAction::default()
        }))
    });
    Some(offered.collect())
}

/// Every kind that is offered.
pub(crate) fn kinds() -> Vec<CodeActionKind> {
    vec![
        CodeActionKind::QUICKFIX,
        CodeActionKind::REFACTOR_EXTRACT,
        CodeActionKind::REFACTOR_REWRITE,
        FIX_ALL,
    ]
}

const fn kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::FixAll => FIX_ALL,
    }
}
