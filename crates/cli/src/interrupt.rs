//! Ctrl-C, where something goes on elsewhere that has to be stopped first.

use glueline_base::Cancel;

/// What the first Ctrl-C, or the wish of the system that the process ends, cancels. Later ones change nothing: whoever ended at once
/// would leave something running that nobody watches.
pub(crate) fn cancel() -> Cancel {
    let cancel = Cancel::new();
    let told = cancel.clone();
    // Where there is no handler to be had, Ctrl-C ends the process as it does without.
    let _ = ctrlc::set_handler(move || told.cancel());
    cancel
}
