//! The parameters of the call around the cursor.
