//! Ctrl-C, where something goes on elsewhere that has to be stopped first.

use std::sync::OnceLock;

use glueline_base::Cancel;

/// What the first Ctrl-C cancels, or the wish of the system that the process ends, or an editor that wants no more. Later ones change
/// nothing: whoever ended at once would leave something running that nobody watches.
pub(crate) fn cancel() -> Cancel {
    static CANCEL: OnceLock<Cancel> = OnceLock::new();
    let begin = || {
        let cancel = Cancel::new();
        let told = cancel.clone();
        // Where there is no handler to be had, Ctrl-C ends the process as it does without.
        let _ = ctrlc::set_handler(move || told.cancel());
        cancel
    };
    CANCEL.get_or_init(begin).clone()
}
