//! The language server: documents in the order of the wire, requests on the text of their own instant, the protocol.
//!
//! The only crate that knows the Language Server Protocol. What is true of a project is asked of `glueline-ide`; what settings
//! apply to it, of a [`Host`].
//!
//! A message comes in through [`wire`], which lets nothing malformed pass, and is handed to the [`sequencer`] in the order of the
//! wire. There, and only there, documents change. A request is given the [`moment`] of its arrival: the texts as they were. Its
//! handler runs on a thread of the [`pool`], on a [`view`] of that moment; see [`handlers`] for how a feature is added.

mod agreed;
mod backend;
mod capabilities;
mod convert;
mod diagnostics;
mod document;
mod handlers;
mod host;
mod moment;
mod pool;
mod position;
mod project;
mod promised;
mod record;
mod replay;
mod runs;
mod sequencer;
mod serve;
mod session;
pub mod settings;
mod shown;
mod status;
mod uri;
mod view;
mod watcher;
mod wire;
mod world;

pub use host::{Asked, Ended, Host, Job, Judge, OnRecord, ProjectSettings};
pub use replay::{Replayed, replay};
pub use serve::{Exit, Setup, serve, serve_stdio};
