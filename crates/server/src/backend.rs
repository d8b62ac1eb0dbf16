//! Requests and who answers them: one line for each.

use std::sync::Arc;

use glueline_base::Cancel;
use serde_json::Value;
use tower_lsp_server::LanguageServer;
use tower_lsp_server::jsonrpc::{Error, Result};
use tower_lsp_server::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoImplementationParams, GotoImplementationResponse,
    GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
use tower_lsp_server::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
    CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionItem, CompletionParams,
    CompletionResponse, DocumentDiagnosticParams, DocumentDiagnosticReportResult, DocumentHighlight,
    DocumentHighlightParams, DocumentLink, DocumentLinkParams, DocumentSymbolParams, DocumentSymbolResponse,
    ExecuteCommandParams, FoldingRange, FoldingRangeParams, GotoDefinitionParams, GotoDefinitionResponse,
    Hover, HoverParams, InitializeParams, InitializeResult, InlayHint, InlayHintParams, LSPAny, Location,
    PrepareRenameResponse, ReferenceParams, RenameFilesParams, RenameParams, SelectionRange,
    SelectionRangeParams, SemanticTokens, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult,
    SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult,
    ServerInfo, SignatureHelp, SignatureHelpParams, TextDocumentPositionParams, TypeHierarchyItem,
    TypeHierarchyPrepareParams, TypeHierarchySubtypesParams, TypeHierarchySupertypesParams,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceEdit, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::capabilities;
use crate::diagnostics::Report;
use crate::handlers;
use crate::handlers::documents::{Content, DocumentParams, Made, MapParams, Mapped};
use crate::moment::Moment;
use crate::pool::{CancelOnDrop, Lane, Lost};
use crate::project::Ticket;
use crate::runs;
use crate::session::Session;
use crate::shown;
use crate::view::{ProjectView, View};

/// Answers requests. Knows nothing itself: see [`crate::handlers`].
pub(crate) struct Backend {
    session: Arc<Session>,
    tokens: handlers::semantic_tokens::Told,
}

impl LanguageServer for Backend {
    // Must not wait for anything: see `Sequencer`.
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let agreed = self.session.begin(&params);
        Ok(InitializeResult {
            capabilities: capabilities::of_server(&agreed),
            server_info: Some(ServerInfo {
                name: "glueline".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            offset_encoding: None,
        })
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let report = match self.at_once().await {
            Some(report) => Some(report),
            None => {
                self.answer(|view| Ok(handlers::diagnostic::of_document(view)))
                    .await?
            }
        };
        Ok(self.told(report, &params))
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let items = self.everything(&params).await;
        Ok(WorkspaceDiagnosticReportResult::Report(
            WorkspaceDiagnosticReport { items },
        ))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        if handlers::command::makes_text(&params.command) {
            return self.try_ask(params, handlers::command::text).await;
        }
        if runs::COMMANDS.contains(&&*params.command) {
            let subject = self.try_ask(params.clone(), runs::subject).await?;
            return runs::command(&self.session, &params, subject).await;
        }
        handlers::command::run(&self.session, &params.command)
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(params, handlers::code_action::code_action).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask(params, handlers::completion::completion).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        let told = self
            .ask(item.clone(), handlers::completion::documentation)
            .await?;
        Ok(CompletionItem {
            documentation: told,
            ..item
        })
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(params, handlers::hover::hover).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.ask(params, handlers::signature_help::signature_help).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(params, handlers::inlay_hint::inlay_hint).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(params, handlers::code_lens::code_lens).await
    }

    async fn code_lens_resolve(&self, params: CodeLens) -> Result<CodeLens> {
        let resolved = self.ask(params.clone(), handlers::code_lens::resolve).await?;
        Ok(resolved.unwrap_or(params))
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(params, handlers::symbols::document_symbol).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.ask_everywhere(params, handlers::symbols::workspace_symbol)
            .await
            .map(Some)
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask(params, handlers::hierarchy::prepare_call_hierarchy)
            .await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask(params, handlers::hierarchy::incoming_calls).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask(params, handlers::hierarchy::outgoing_calls).await
    }

    async fn prepare_type_hierarchy(
        &self,
        params: TypeHierarchyPrepareParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(params, handlers::hierarchy::prepare_type_hierarchy)
            .await
    }

    async fn supertypes(
        &self,
        params: TypeHierarchySupertypesParams,
    ) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(params, handlers::hierarchy::supertypes).await
    }

    async fn subtypes(&self, params: TypeHierarchySubtypesParams) -> Result<Option<Vec<TypeHierarchyItem>>> {
        self.ask(params, handlers::hierarchy::subtypes).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask(params, handlers::navigation::definition).await
    }

    async fn goto_declaration(
        &self,
        params: GotoDeclarationParams,
    ) -> Result<Option<GotoDeclarationResponse>> {
        self.ask(params, handlers::navigation::declaration).await
    }

    async fn goto_type_definition(
        &self,
        params: GotoTypeDefinitionParams,
    ) -> Result<Option<GotoTypeDefinitionResponse>> {
        self.ask(params, handlers::navigation::type_definition).await
    }

    async fn goto_implementation(
        &self,
        params: GotoImplementationParams,
    ) -> Result<Option<GotoImplementationResponse>> {
        self.ask(params, handlers::navigation::implementation).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask(params, handlers::references::references).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask(params, handlers::references::highlights).await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.try_ask(params, handlers::rename::prepare).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.session.promised.hand_over(None);
        let edit = self.try_ask(params, handlers::rename::rename).await?;
        self.session.promised.hand_over(edit.as_ref());
        Ok(edit)
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        let files = self.session.promised.others(params.files);
        let params = RenameFilesParams { files };
        self.ask_everywhere(params, handlers::rename::will_rename_files)
            .await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        let found = self.ask(params, handlers::document_link::document_link).await?;
        Ok(Some(found))
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        Ok(Some(
            self.ask(params, handlers::folding_range::folding_range).await?,
        ))
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask(params, handlers::selection_range::selection_range).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        let uri = params.text_document.uri.to_string();
        let data = self.ask(params, handlers::semantic_tokens::full).await?;
        Ok(Some(self.tokens.full(&uri, data).into()))
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let uri = params.text_document.uri.to_string();
        let known = params.previous_result_id.clone();
        let data = self.ask(params, handlers::semantic_tokens::again).await?;
        Ok(Some(self.tokens.since(&uri, &known, data)))
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        let data = self.ask(params, handlers::semantic_tokens::range).await?;
        let result_id = None;
        Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens {
            result_id,
            data,
        })))
    }
}

impl Backend {
    pub(crate) fn new(session: Arc<Session>) -> Self {
        Self {
            session,
            tokens: handlers::semantic_tokens::Told::default(),
        }
    }

    /// What the document says by itself, while its project is being read: the client will be asked to ask again.
    async fn at_once(&self) -> Option<Report> {
        let moment = Moment::current()?;
        let place = moment.place.as_ref()?;
        let project = Arc::clone(&place.ticket.project);
        if project.is_read() {
            return None;
        }
        let (session, uri) = (Arc::clone(&self.session), place.uri.clone());
        let look = move || {
            let mut reports = session.alone_in(&project).into_iter();
            reports.find(|report| report.uri == uri)
        };
        self.session.pool.run(Lane::Request, look).await.ok()?
    }

    /// Notes what the client is told of a document, and adds what became of others.
    fn told(
        &self,
        report: Option<Report>,
        params: &DocumentDiagnosticParams,
    ) -> DocumentDiagnosticReportResult {
        let uri = params.text_document.uri.clone();
        let report = report.unwrap_or_else(|| Report::empty(uri.clone()));
        let mut related = Vec::new();
        let moment = Moment::current();
        if moment.is_some_and(|moment| moment.documents.contains_key(uri.as_str())) {
            self.session
                .pulled()
                .insert(uri.as_str().to_owned(), report.id.clone());
        }
        if self
            .session
            .agreed()
            .has("/textDocument/diagnostic/relatedDocumentSupport")
        {
            let looks = self.session.wholes();
            related.extend(looks.iter().flat_map(|whole| self.session.news(whole, &uri)));
        }
        handlers::diagnostic::answer(report, params, related)
    }

    /// Reports of every file that is not as the client knows it. A client that takes them piece by piece is answered when there is
    /// something new, others at once.
    async fn everything(&self, params: &WorkspaceDiagnosticParams) -> Vec<WorkspaceDocumentDiagnosticReport> {
        let token = params.partial_result_params.partial_result_token.as_ref();
        let (mut looks, mut over) = (self.session.looks(), self.session.over());
        loop {
            looks.borrow_and_update();
            let is_over = *over.borrow_and_update();
            let (wholes, is_complete) = (self.session.wholes(), self.session.everything_is_looked_at());
            let documents = Arc::clone(self.session.world().documents());
            let (mut items, news) =
                handlers::diagnostic::of_workspace(&wholes, &params.previous_result_ids, &documents);
            let is_answer = is_complete && (news > 0 || token.is_none());
            if is_answer || is_over {
                if let Some(token) = token {
                    // What has not changed needs no word.
                    items.retain(|item| matches!(item, WorkspaceDocumentDiagnosticReport::Full(_)));
                    self.session.send_in_pieces(token, items).await;
                    return Vec::new();
                }
                return items;
            }
            tokio::select! {
                _ = looks.changed() => {}
                _ = over.changed() => {}
            }
        }
    }

    /// `glueline/document`: a text of the server, which is looked after from now on.
    pub(crate) async fn document(&self, params: DocumentParams) -> Result<Option<Made>> {
        if let Some(text) = self.session.runs.rows.get(&params.uri) {
            return Ok(Some(Made::plain(text)));
        }
        let answer = self
            .ask_everywhere(params.clone(), handlers::documents::made)
            .await?;
        if let Some(moment) = Moment::current() {
            let mark = answer.as_ref().map(|made| shown::mark(&made.content));
            shown::look_after(
                &self.session,
                &moment,
                &params.uri,
                mark.unwrap_or(shown::NOTHING),
            );
        }
        Ok(answer)
    }

    /// `workspace/textDocumentContent`: the same in the words of the protocol.
    pub(crate) async fn text_document_content(&self, params: DocumentParams) -> Result<Content> {
        if let Some(text) = self.session.runs.rows.get(&params.uri) {
            return Ok(Content { text });
        }
        let answer = self
            .ask_everywhere(params.clone(), handlers::documents::content)
            .await?;
        if let Some(moment) = Moment::current() {
            shown::look_after(&self.session, &moment, &params.uri, shown::mark(&answer.text));
        }
        Ok(answer)
    }

    /// `glueline/sourceMap`: between such a text and its source.
    pub(crate) async fn source_map(&self, params: MapParams) -> Result<Option<Mapped>> {
        self.ask_everywhere(params, handlers::documents::source_map).await
    }

    /// Answers a request about a document, on a thread of the pool. The document is the one that the sequencer found named in the
    /// parameters: `textDocument.uri`, `item.uri` or `data.uri`. The answer is nothing where it is none that is known.
    async fn ask<P, R>(&self, params: P, handler: fn(&View, &P) -> R) -> Result<R>
    where
        P: Send + 'static,
        R: Default + Send + 'static,
    {
        self.answer(move |view| Ok(handler(view, &params))).await
    }

    /// The same for a handler that may refuse to answer.
    async fn try_ask<P, R>(&self, params: P, handler: fn(&View, &P) -> Result<R>) -> Result<R>
    where
        P: Send + 'static,
        R: Default + Send + 'static,
    {
        self.answer(move |view| handler(view, &params)).await
    }

    async fn answer<R>(&self, handler: impl FnOnce(&View) -> Result<R> + Send + 'static) -> Result<R>
    where
        R: Default + Send + 'static,
    {
        let Some(moment) = Moment::current() else {
            return Ok(R::default());
        };
        let Some(place) = &moment.place else {
            return Ok(R::default());
        };
        let cancel = Cancel::new();
        let _guard = CancelOnDrop::new(cancel.clone());
        let Some(project) = self.view(&place.ticket, &moment, cancel).await? else {
            return Ok(R::default());
        };
        let (path, uri) = (place.path.clone(), place.uri.clone());
        let answer = move || match View::new(project, &path, uri) {
            Some(view) => handler(&view),
            None => Ok(R::default()),
        };
        self.session.pool.run(Lane::Request, answer).await.map_err(lost)?
    }

    /// Answers a request about the whole workspace, on a thread of the pool.
    async fn ask_everywhere<P, R>(&self, params: P, handler: fn(&[ProjectView], &P) -> R) -> Result<R>
    where
        P: Send + 'static,
        R: Send + 'static,
    {
        let mut views = Vec::new();
        let cancel = Cancel::new();
        let _guard = CancelOnDrop::new(cancel.clone());
        if let Some(moment) = Moment::current() {
            for ticket in &moment.everywhere {
                views.extend(self.view(ticket, &moment, cancel.clone()).await?);
            }
        }
        let answer = move || handler(&views, &params);
        self.session.pool.run(Lane::Request, answer).await.map_err(lost)
    }

    /// A project at the instant of a ticket; `None` where there is none to speak of.
    async fn view(
        &self,
        ticket: &Ticket,
        moment: &Arc<Moment>,
        cancel: Cancel,
    ) -> Result<Option<ProjectView>> {
        let state = ticket
            .project
            .at(ticket.revision, &self.session.pool)
            .await
            .map_err(lost)?;
        let Ok(analysis) = state.analysis else {
            return Ok(None);
        };
        Ok(Some(ProjectView::new(
            analysis,
            Arc::clone(&ticket.project),
            state.settings,
            Arc::clone(moment),
            self.session.agreed(),
            cancel,
        )))
    }
}

/// What a client is told when an answer was lost.
fn lost(lost: Lost) -> Error {
    let mut error = Error::internal_error();
    if let Lost::Panicked(words) = lost {
        error.message = "this is a bug of Glueline: it panicked".into();
        error.data = (!words.is_empty()).then(|| Value::String(words.to_owned()));
    }
    error
}
