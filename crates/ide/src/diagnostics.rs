//! What is wrong, live: the findings of `check` on unsaved text.
