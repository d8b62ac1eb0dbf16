//! The symbols of a document and of the workspace.
