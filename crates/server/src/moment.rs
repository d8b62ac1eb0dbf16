//! The instant of a request: what was true when it arrived.

use std::collections::BTreeMap;
use std::sync::Arc;

use glueline_base::{Utf8Path, Utf8PathBuf};
use tower_lsp_server::ls_types::Uri;

use crate::document::Document;
use crate::project::Ticket;
use crate::settings::Settings;

/// Open documents by their names.
pub(crate) type Documents = Arc<BTreeMap<String, Arc<Document>>>;

tokio::task_local! {
    /// The instant of the request that this task answers.
    static MOMENT: Arc<Moment>;
}

/// What was true when a request arrived.
#[derive(Debug)]
pub(crate) struct Moment {
    /// Open documents.
    pub(crate) documents: Documents,
    /// The settings.
    pub(crate) settings: Arc<Settings>,
    /// The document that the request is about.
    pub(crate) place: Option<Place>,
    /// Every project, where the request is about none in particular.
    pub(crate) everywhere: Vec<Ticket>,
}

/// A document and its project.
#[derive(Debug)]
pub(crate) struct Place {
    /// The name that the client used.
    pub(crate) uri: Uri,
    /// Where the analysis has it.
    pub(crate) path: Utf8PathBuf,
    /// Its project at the instant.
    pub(crate) ticket: Ticket,
}

impl Moment {
    /// Runs a future as the answer to a request of this instant.
    pub(crate) async fn scope<T>(self, answer: impl Future<Output = T>) -> T {
        MOMENT.scope(Arc::new(self), answer).await
    }

    /// The instant of the request that is being answered; `None` outside of an answer.
    pub(crate) fn current() -> Option<Arc<Self>> {
        MOMENT.try_with(Arc::clone).ok()
    }

    /// The open document at a path.
    pub(crate) fn document_at(&self, path: &Utf8Path) -> Option<&Arc<Document>> {
        self.documents
            .values()
            .find(|document| document.path.as_deref() == Some(path))
    }
}
