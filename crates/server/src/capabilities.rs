//! What the server can do: one line for each feature.

use serde_json::{Value, json};
use tower_lsp_server::jsonrpc::Response;
use tower_lsp_server::ls_types::{
    CallHierarchyServerCapability, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    DeclarationCapability, DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions,
    ExecuteCommandOptions, FileOperationFilter, FileOperationPattern, FileOperationPatternKind,
    FileOperationRegistrationOptions, FoldingRangeProviderCapability, HoverProviderCapability,
    ImplementationProviderCapability, OneOf, RenameOptions, SelectionRangeProviderCapability,
    SemanticTokensFullOptions, SemanticTokensOptions, SemanticTokensServerCapabilities, ServerCapabilities,
    SignatureHelpOptions, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, TypeDefinitionProviderCapability, WorkDoneProgressOptions,
    WorkspaceFileOperationsServerCapabilities, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};

use crate::agreed::Agreed;
use crate::handlers::command::announced;
use crate::handlers::completion;
use crate::handlers::documents::SCHEMES;
use crate::handlers::{code_action, semantic_tokens};
use crate::runs::ROWS;

/// What is announced to a client.
pub(crate) fn of_server(agreed: &Agreed) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(agreed.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        code_action_provider: Some(code_actions(agreed)),
        completion_provider: Some(completion::options()),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(["(", ",", "="].map(ToOwned::to_owned).to_vec()),
            retrigger_characters: Some(vec![")".to_owned()]),
            ..SignatureHelpOptions::default()
        }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions {
            resolve_provider: Some(true),
        }),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        declaration_provider: Some(DeclarationCapability::Simple(true)),
        type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
        implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        rename_provider: Some(rename(agreed)),
        diagnostic_provider: diagnostics(agreed),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: announced(),
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: Some(file_operations(agreed)),
        }),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
            SemanticTokensOptions {
                legend: semantic_tokens::legend(),
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..SemanticTokensOptions::default()
            },
        )),
        ..ServerCapabilities::default()
    }
}

fn rename(agreed: &Agreed) -> OneOf<bool, RenameOptions> {
    if !agreed.prepares_rename() {
        return OneOf::Left(true);
    }
    OneOf::Right(RenameOptions {
        prepare_provider: Some(true),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    })
}

/// Asked for or sent, never both: announced to clients that ask.
fn diagnostics(agreed: &Agreed) -> Option<DiagnosticServerCapabilities> {
    let options = DiagnosticOptions {
        identifier: Some("glueline".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: agreed.pulls_workspace_diagnostics(),
        ..DiagnosticOptions::default()
    };
    agreed
        .pulls_diagnostics()
        .then_some(DiagnosticServerCapabilities::Options(options))
}

/// Files and folders that a user moves in the editor: before, those that give nodes their names and those that paths in YAML name;
/// after, whatever was moved.
fn file_operations(agreed: &Agreed) -> WorkspaceFileOperationsServerCapabilities {
    let filter = |glob: &str, matches| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern {
            glob: glob.to_owned(),
            matches,
            options: None,
        },
    };
    let will_rename = FileOperationRegistrationOptions {
        filters: vec![
            filter("**/*.{sql,py,csv}", Some(FileOperationPatternKind::File)),
            filter("**", Some(FileOperationPatternKind::Folder)),
        ],
    };
    let everything = FileOperationRegistrationOptions {
        filters: vec![filter("**", None)],
    };
    WorkspaceFileOperationsServerCapabilities {
        will_rename: agreed.will_rename_files().then_some(will_rename),
        did_create: Some(everything.clone()),
        did_rename: Some(everything.clone()),
        did_delete: Some(everything),
        ..WorkspaceFileOperationsServerCapabilities::default()
    }
}

/// Adds what the types of the protocol do not know yet to the answer of `initialize`.
pub(crate) fn completed(response: Response) -> Response {
    let (id, mut body) = response.into_parts();
    if let Ok(result) = &mut body
        && let Some(capabilities) = result.get_mut("capabilities").and_then(Value::as_object_mut)
    {
        capabilities.insert("typeHierarchyProvider".to_owned(), Value::Bool(true));
        let workspace = capabilities.entry("workspace").or_insert_with(|| json!({}));
        if let Some(workspace) = workspace.as_object_mut() {
            let schemes: Vec<&str> = SCHEMES.into_iter().chain([ROWS]).collect();
            let schemes = json!({ "schemes": schemes });
            workspace.insert("textDocumentContent".to_owned(), schemes);
        }
    }
    Response::from_parts(id, body)
}

fn code_actions(agreed: &Agreed) -> CodeActionProviderCapability {
    if !agreed.code_action_literals() {
        return CodeActionProviderCapability::Simple(true);
    }
    CodeActionProviderCapability::Options(CodeActionOptions {
        code_action_kinds: Some(code_action::kinds()),
        ..CodeActionOptions::default()
    })
}
