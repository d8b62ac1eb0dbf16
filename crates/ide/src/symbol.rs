//! What stands under the cursor, and every place that names it.
