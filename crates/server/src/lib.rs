//! The language server: documents in the order of the wire, requests on the text of their own instant, the protocol.
//!
//! The only crate that knows the Language Server Protocol. What is true of a project is asked of `glueline-ide`.
