//! What the rules about columns share.

use crate::context::NodeCx;
use crate::incremental::model;

/// Whether the project replaces a macro that writes columns into a statement, so that nothing can be said of what it does.
pub(super) fn replaces(cx: &NodeCx<'_>) -> bool {
    const WRITERS: [&str; 8] = [
        "create_table_as",
        "partition_cols",
        "clustered_cols",
        "get_merge_sql",
        "get_merge_update_columns",
        "get_insert_into_sql",
        "get_insert_overwrite_sql",
        "dbt_glue_get_incremental_sql",
    ];
    model::replaces(cx, &WRITERS)
}
