//! One file for each feature: parameters of the protocol in, plain data of `glueline-ide` asked, types of the protocol out.
//!
//! # Adding a feature
//!
//! 1. A file here, with a function
//!    `pub(crate) fn hover(view: &View, params: &HoverParams) -> Option<Hover>`.
//!    [`View`](crate::view::View) is the document at the instant of the request:
//!    `view.analysis` (never changes under your hands), `view.file`,
//!    `view.at(position)` for the place that is asked about, `view.range(bytes)` and `view.location(file_range)` for answers,
//!    `view.agreed` for what the client can do, `view.settings()` for what its user wants, `view.cancel` for long loops, and
//!    `view.is_alone()` for a document that belongs to no project: then nothing outside of it is known, not even to be missing.
//!    Return the default (`None`, an empty list) where there is nothing to say.
//! 2. A method in [`Backend`](crate::backend): `self.ask(params, handlers::hover::hover).await`; `self.try_ask` where the handler
//!    may refuse with an error (`rename`). A request without a document
//!    (`workspace/symbol`) uses `self.ask_everywhere`, whose handler is given every project.
//! 3. A line in [`capabilities`](crate::capabilities), heeding what the client announced.
//!
//! That is all. Order, snapshots, threads, cancelling and panics are the server's. A handler must not wait, read files or keep
//! anything; a panic in it is an internal error of that one request.
//!
//! A request that resolves something (`codeLens/resolve`) is given its document by the `uri` in the item's `data`; put one there:
//! `json!({"uri": view.uri, ...})`. Items of hierarchies have a `uri` of their own.
//!
//! Edits of files are made with [`convert::workspace_edit`](crate::convert::workspace_edit), which knows what the client can apply.
//! [`code_action`] is the shortest example.
//!
//! Tests of the conversion go to `crates/server/tests`; what is true is tested in `crates/ide`.

pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod command;
pub(crate) mod completion;
pub(crate) mod diagnostic;
pub(crate) mod document_link;
pub(crate) mod documents;
pub(crate) mod folding_range;
pub(crate) mod hierarchy;
pub(crate) mod hover;
pub(crate) mod inlay_hint;
pub(crate) mod navigation;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod selection_range;
pub(crate) mod semantic_tokens;
pub(crate) mod signature_help;
pub(crate) mod symbols;
