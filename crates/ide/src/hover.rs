//! What is known of the thing under the cursor, in Markdown and in plain text.
