//! What client and server agreed on when they met.

use serde_json::Value;
use tower_lsp_server::ls_types::{
    ClientCapabilities, ClientInfo, CodeActionKind, DiagnosticTag, InitializeParams, MarkupKind,
    ResourceOperationKind, TextDocumentClientCapabilities, WorkspaceClientCapabilities,
};

use crate::position::Encoding;

/// What the client can do. A question with the answer "no" is one that the client did not answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agreed {
    /// Everything that the client announced.
    pub(crate) client: ClientCapabilities,
    /// Its name and version.
    pub(crate) info: Option<ClientInfo>,
    /// What columns count.
    pub(crate) encoding: Encoding,
    /// What it announced, as it was written: for what no type knows.
    raw: Value,
}

impl Agreed {
    pub(crate) fn new(params: &InitializeParams) -> Self {
        let client = params.capabilities.clone();
        let offered = client
            .general
            .as_ref()
            .and_then(|general| general.position_encodings.as_deref());
        Self {
            encoding: Encoding::negotiate(offered),
            info: params.client_info.clone(),
            raw: serde_json::to_value(&client).unwrap_or_default(),
            client,
        }
    }

    /// Whether a switch of its capabilities, given as a JSON pointer, is on.
    pub(crate) fn has(&self, pointer: &str) -> bool {
        self.raw.pointer(pointer) == Some(&Value::Bool(true))
    }

    /// Whether the client announced a command of its own that the server may put into what it sends.
    pub(crate) fn has_command(&self, name: &str) -> bool {
        let known = self.raw.pointer("/experimental/commands/commands");
        let known = known.and_then(Value::as_array);
        known.is_some_and(|known| known.iter().any(|command| command.as_str() == Some(name)))
    }

    /// Its capabilities that concern documents.
    pub(crate) fn document(&self) -> Option<&TextDocumentClientCapabilities> {
        self.client.text_document.as_ref()
    }

    /// Its capabilities that concern the workspace.
    pub(crate) fn workspace(&self) -> Option<&WorkspaceClientCapabilities> {
        self.client.workspace.as_ref()
    }

    /// Whether the client asks for diagnostics: then none are sent unasked. One that cannot be told to ask again (Neovim 0.10)
    /// would never learn what other files do to the one that it shows.
    pub(crate) fn pulls_diagnostics(&self) -> bool {
        let asks = self
            .document()
            .is_some_and(|document| document.diagnostic.is_some());
        asks && self.has("/workspace/diagnostics/refreshSupport")
    }

    /// Whether diagnostics of the whole workspace may be offered. Neovim 0.12 that can ask for them asks for nothing else when
    /// it is told to ask again, and then ignores what concerns open files.
    pub(crate) fn pulls_workspace_diagnostics(&self) -> bool {
        self.info.as_ref().is_none_or(|info| info.name != "Neovim")
    }

    /// Whether diagnostics may have something: looked up where this client announces it, for those that it asks for or those that
    /// it is sent.
    pub(crate) fn diagnostics_have(&self, name: &str) -> bool {
        self.has(&format!("{}/{name}", self.diagnostics()))
    }

    /// Whether the client draws a tag of a diagnostic.
    pub(crate) fn shows_tag(&self, tag: &DiagnosticTag) -> bool {
        let number = serde_json::to_value(tag).ok().and_then(|tag| tag.as_i64());
        let list = self
            .raw
            .pointer(&format!("{}/tagSupport/valueSet", self.diagnostics()));
        let list = list.and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|entry| entry.as_i64() == number))
    }

    fn diagnostics(&self) -> &'static str {
        // What tells them apart was added to asked ones late: a client that says nothing of those means both.
        let asked = "/textDocument/diagnostic";
        let says = |name: &str| self.raw.pointer(&format!("{asked}/{name}")).is_some();
        if ["relatedInformation", "tagSupport", "dataSupport"]
            .into_iter()
            .any(says)
        {
            asked
        } else {
            "/textDocument/publishDiagnostics"
        }
    }

    /// Whether an edit may name the version that it is meant for.
    pub(crate) fn document_changes(&self) -> bool {
        self.workspace()
            .and_then(|workspace| workspace.workspace_edit.as_ref()?.document_changes)
            .unwrap_or_default()
    }

    /// Whether an edit may give files other names.
    pub(crate) fn renames_files(&self) -> bool {
        self.allows(ResourceOperationKind::Rename)
    }

    /// Whether an edit may create files.
    pub(crate) fn creates_files(&self) -> bool {
        self.allows(ResourceOperationKind::Create)
    }

    /// Whether an edit may do more to files than change their texts.
    fn allows(&self, operation: ResourceOperationKind) -> bool {
        let edit = self
            .workspace()
            .and_then(|workspace| workspace.workspace_edit.as_ref());
        let operations = edit.and_then(|edit| edit.resource_operations.as_ref());
        self.document_changes() && operations.is_some_and(|operations| operations.contains(&operation))
    }

    /// Whether the client asks what can be renamed before it asks for a name.
    pub(crate) fn prepares_rename(&self) -> bool {
        self.document()
            .and_then(|document| document.rename.as_ref()?.prepare_support)
            .unwrap_or_default()
    }

    /// Whether the client asks before it gives files other names.
    pub(crate) fn will_rename_files(&self) -> bool {
        self.workspace()
            .and_then(|workspace| workspace.file_operations.as_ref()?.will_rename)
            .unwrap_or_default()
    }

    /// Whether a text of a hover may be Markdown.
    pub(crate) fn markdown_hover(&self) -> bool {
        let formats = self
            .document()
            .and_then(|document| document.hover.as_ref()?.content_format.as_ref());
        formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
    }

    /// Whether a text beside a signature may be Markdown.
    pub(crate) fn markdown_signatures(&self) -> bool {
        let information = self
            .document()
            .and_then(|document| document.signature_help.as_ref()?.signature_information.as_ref());
        let formats = information.and_then(|information| information.documentation_format.as_ref());
        formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
    }

    /// Whether a completion may hold places to fill in.
    pub(crate) fn snippets(&self) -> bool {
        self.document()
            .and_then(|document| {
                document
                    .completion
                    .as_ref()?
                    .completion_item
                    .as_ref()?
                    .snippet_support
            })
            .unwrap_or_default()
    }

    /// Whether a definition may say what it is the definition of.
    pub(crate) fn definition_links(&self) -> bool {
        self.document()
            .and_then(|document| document.definition.as_ref()?.link_support)
            .unwrap_or_default()
    }

    /// The same for a declaration.
    pub(crate) fn declaration_links(&self) -> bool {
        self.document()
            .and_then(|document| document.declaration.as_ref()?.link_support)
            .unwrap_or_default()
    }

    /// The same for the definition of a type.
    pub(crate) fn type_definition_links(&self) -> bool {
        self.document()
            .and_then(|document| document.type_definition.as_ref()?.link_support)
            .unwrap_or_default()
    }

    /// The same for an implementation.
    pub(crate) fn implementation_links(&self) -> bool {
        self.document()
            .and_then(|document| document.implementation.as_ref()?.link_support)
            .unwrap_or_default()
    }

    /// Whether symbols may hold symbols.
    pub(crate) fn nested_symbols(&self) -> bool {
        self.document()
            .and_then(|document| {
                document
                    .document_symbol
                    .as_ref()?
                    .hierarchical_document_symbol_support
            })
            .unwrap_or_default()
    }

    /// Whether an action may be an edit with a kind, and no bare command.
    pub(crate) fn code_action_literals(&self) -> bool {
        self.document()
            .and_then(|document| {
                document
                    .code_action
                    .as_ref()?
                    .code_action_literal_support
                    .as_ref()
            })
            .is_some()
    }

    /// Whether an action of a kind is wanted, given what the request asks for.
    pub(crate) fn wants_kind(only: Option<&[CodeActionKind]>, kind: &CodeActionKind) -> bool {
        only.is_none_or(|only| {
            only.iter().any(|wanted| {
                let (wanted, kind) = (wanted.as_str(), kind.as_str());
                wanted.is_empty()
                    || kind == wanted
                    || kind
                        .strip_prefix(wanted)
                        .is_some_and(|rest| rest.starts_with('.'))
            })
        })
    }
}
