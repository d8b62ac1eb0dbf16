//! Tolerant Jinja syntax with byte spans, and what can be known of it without rendering.
