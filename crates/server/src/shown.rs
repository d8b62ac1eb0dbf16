//! Texts of the server that a client shows, and telling it when they change.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_lsp_server::ls_types::notification::Notification;
use tower_lsp_server::ls_types::request::Request;

use glueline_base::Cancel;

use crate::handlers::documents::{DocumentParams, made};
use crate::moment::Moment;
use crate::pool::Lane;
use crate::project::Project;
use crate::session::Session;
use crate::view::ProjectView;

/// So many texts are looked after; of more, those that were asked for first are let go.
const MOST: usize = 32;

/// The mark of a text that there is none of, yet.
pub(crate) const NOTHING: u64 = 0;

/// How long a pause in the typing is waited for.
const PAUSE: Duration = Duration::from_millis(150);

/// The texts that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    inner: Mutex<Inner>,
    /// Whether the client asks for `workspace/textDocumentContent`.
    by_protocol: AtomicBool,
}

#[derive(Debug, Default)]
struct Inner {
    /// Each with its number in the order of asking, and what it was when it was last made.
    texts: BTreeMap<String, (u64, u64)>,
    next: u64,
}

impl Shown {
    /// Reads how the client will ask, out of the parameters of `initialize`.
    pub(crate) fn begin(&self, params: Option<&Value>) {
        let announced =
            params.and_then(|params| params.pointer("/capabilities/workspace/textDocumentContent"));
        self.by_protocol.store(announced.is_some(), Ordering::SeqCst);
    }

    /// Writes down a text; whether nobody looks after it yet.
    fn keep(&self, uri: &str, mark: u64) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.next += 1;
        let number = inner.next;
        let is_new = inner.texts.insert(uri.to_owned(), (number, mark)).is_none();
        if inner.texts.len() > MOST {
            let oldest = inner.texts.iter().min_by_key(|(_, (number, _))| *number);
            if let Some(oldest) = oldest.map(|(uri, _)| uri.clone()) {
                inner.texts.remove(&oldest);
            }
        }
        is_new
    }

    /// Writes down what a text is now; whether it was another. `None` for one that nobody looks after any more.
    fn differs(&self, uri: &str, mark: u64) -> Option<bool> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, last) = inner.texts.get_mut(uri)?;
        Some(std::mem::replace(last, mark) != mark)
    }

    /// Nobody looks after a text any more.
    fn forget(&self, uri: &str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.texts.remove(uri);
    }
}

/// What tells one text from another.
pub(crate) fn mark(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Looks after a text from now on: the client is told when it is another.
pub(crate) fn look_after(session: &Arc<Session>, moment: &Moment, uri: &str, mark: u64) {
    let Some(path) = crate::handlers::documents::Name::read(uri).map(|name| name.path) else {
        return;
    };
    let around = moment
        .everywhere
        .iter()
        .filter(|ticket| path.starts_with(&ticket.project.dir));
    let Some(ticket) = around.max_by_key(|ticket| ticket.project.dir.as_str().len()) else {
        return;
    };
    if !session.shown.keep(uri, mark) {
        return;
    }
    // Only what others keep is looked at, so that both can go.
    let (session, project) = (Arc::downgrade(session), Arc::downgrade(&ticket.project));
    let mut changes = ticket.project.changes();
    if *changes.borrow() > ticket.revision {
        // Something happened while the text was made.
        changes.mark_changed();
    }
    let uri = uri.to_owned();
    tokio::spawn(async move {
        while changes.changed().await.is_ok() {
            tokio::time::sleep(PAUSE).await;
            changes.mark_unchanged();
            if look(&session, &project, &uri).await.is_none() {
                return;
            }
        }
    });
}

/// Makes a text anew, and tells the client where it is another; `None` where it need not be looked at any more.
async fn look(session: &Weak<Session>, project: &Weak<Project>, uri: &str) -> Option<()> {
    let session = session.upgrade()?;
    let Some(project) = project.upgrade() else {
        // It may come back as another.
        session.shown.forget(uri);
        return None;
    };
    let moment = Arc::new(session.world().moment(None));
    let ticket = project.ticket();
    let Ok(state) = project.at(ticket.revision, &session.pool).await else {
        return Some(());
    };
    let Ok(analysis) = state.analysis else {
        // There is no project for a moment; what is shown is what was last known.
        return Some(());
    };
    let agreed = session.agreed();
    let view = ProjectView::new(analysis, project, state.settings, moment, agreed, Cancel::new());
    let params = DocumentParams { uri: uri.to_owned() };
    let job = move || made(&[view], &params).map_or(NOTHING, |made| mark(&made.content));
    let Ok(now) = session.pool.run(Lane::Background, job).await else {
        return Some(());
    };
    if session.shown.differs(uri, now)? {
        let params = Changed { uri: uri.to_owned() };
        if session.shown.by_protocol.load(Ordering::SeqCst) {
            // The answer says nothing; waiting for it would hold up the next look.
            let client = session.client.clone();
            tokio::spawn(async move { client.send_request::<Refresh>(params).await });
        } else {
            session.client.send_notification::<DocumentChanged>(params).await;
        }
    }
    Some(())
}

/// Which text is another.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Changed {
    uri: String,
}

/// `glueline/documentChanged`, for clients that ask for `glueline/document`.
enum DocumentChanged {}

impl Notification for DocumentChanged {
    type Params = Changed;
    const METHOD: &'static str = "glueline/documentChanged";
}

/// `workspace/textDocumentContent/refresh`, for clients that ask for `workspace/textDocumentContent`.
enum Refresh {}

impl Request for Refresh {
    type Params = Changed;
    type Result = ();
    const METHOD: &'static str = "workspace/textDocumentContent/refresh";
}
