//! Members of objects that no table of names can hold: those of `loop`, which is known only in a loop, and of `flags`.

/// A member of `loop`.
#[derive(Debug, Clone, Copy)]
pub struct LoopMember {
    /// Its name behind the dot.
    pub name: &'static str,
    /// Its parameters; empty for what is not called.
    pub parameters: &'static str,
    /// One line for lists.
    pub summary: &'static str,
}

const fn member(name: &'static str, parameters: &'static str, summary: &'static str) -> LoopMember {
    LoopMember {
        name,
        parameters,
        summary,
    }
}

/// What a dictionary has, as those of `graph` are.
pub const DICT_MEMBERS: &[LoopMember] = &[
    member("get", "key, default=none", "The value of a key"),
    member("items", "", "Keys and values, in pairs"),
    member("keys", "", "The keys"),
    member("values", "", "The values"),
];

/// What a value of `graph.nodes` has: a node as the manifest writes it (`dbt/contracts/graph/manifest.py`, `build_flat_graph`), sorted.
pub const NODE_MEMBERS: &[LoopMember] = &[
    member("alias", "", "Name it is made under"),
    member("checksum", "", "Hash of its text"),
    member("columns", "", "Columns of its properties, by name"),
    member("config", "", "Its config"),
    member("database", "", "Database it is made in"),
    member("depends_on", "", "Nodes and macros it needs"),
    member("description", "", "Description of its properties"),
    member("fqn", "", "Names of its package, folders and itself"),
    member("group", "", "Group it belongs to"),
    member("language", "", "`sql` or `python`"),
    member("meta", "", "`meta` of its config"),
    member("name", "", "Its name"),
    member("original_file_path", "", "File, from its package's folder"),
    member("package_name", "", "Package it belongs to"),
    member("path", "", "File, below the folder of its kind"),
    member("raw_code", "", "Its text before it is rendered"),
    member("refs", "", "What it names by `ref`"),
    member("relation_name", "", "Relation as SQL names it"),
    member(
        "resource_type",
        "",
        "`model`, `seed`, `snapshot`, `test`, `analysis`",
    ),
    member("schema", "", "Schema it is made in"),
    member("sources", "", "What it names by `source`"),
    member("tags", "", "Its tags"),
    member("unique_id", "", "Id in the project"),
];

/// The same of `graph.sources`.
pub const SOURCE_MEMBERS: &[LoopMember] = &[
    member("columns", "", "Columns of its properties, by name"),
    member("config", "", "Its config"),
    member("database", "", "Database it stands in"),
    member("description", "", "Description of its properties"),
    member("fqn", "", "Names of its package, folders and itself"),
    member("freshness", "", "How fresh its rows must be"),
    member("identifier", "", "Name of the table"),
    member("loaded_at_field", "", "Column that says when a row came"),
    member("loader", "", "Who loads it"),
    member("meta", "", "`meta` of its properties"),
    member("name", "", "Its name"),
    member("original_file_path", "", "File, from its package's folder"),
    member("package_name", "", "Package it belongs to"),
    member("path", "", "File, from its package's folder"),
    member("relation_name", "", "Relation as SQL names it"),
    member("resource_type", "", "`source`"),
    member("schema", "", "Schema it stands in"),
    member("source_description", "", "Description of its source"),
    member("source_name", "", "Name of its source"),
    member("tags", "", "Its tags"),
    member("unique_id", "", "Id in the project"),
];

/// What `loop` has inside a `for` (`jinja2/runtime.py`, `LoopContext`), sorted.
pub const LOOP_MEMBERS: &[LoopMember] = &[
    member(
        "changed",
        "*values",
        "Whether the values differ from those of the last call",
    ),
    member("cycle", "*values", "One of the values, by turns"),
    member("depth", "", "How deep the loop is in itself, from 1"),
    member("depth0", "", "How deep the loop is in itself, from 0"),
    member("first", "", "Whether this is the first round"),
    member("index", "", "The number of the round, from 1"),
    member("index0", "", "The number of the round, from 0"),
    member("last", "", "Whether this is the last round"),
    member("length", "", "How many rounds there are"),
    member("nextitem", "", "The item of the next round"),
    member("previtem", "", "The item of the round before"),
    member("revindex", "", "How many rounds are left, this one counted"),
    member("revindex0", "", "How many rounds are left after this one"),
];

/// What `flags` has (`dbt/flags.py`), sorted.
pub const FLAGS: &[&str] = &[
    "CACHE_SELECTED_ONLY",
    "DEBUG",
    "EMPTY",
    "FAIL_FAST",
    "FULL_REFRESH",
    "HINTS_ENABLED",
    "INDIRECT_SELECTION",
    "INTROSPECT",
    "INVOCATION_COMMAND",
    "LOG_CACHE_EVENTS",
    "LOG_FORMAT",
    "LOG_PATH",
    "MAXIMUM_SEED_SIZE_MIB",
    "NO_PRINT",
    "PARTIAL_PARSE",
    "PRINTER_WIDTH",
    "PROFILES_DIR",
    "QUIET",
    "REQUIRE_SQL_HEADER_IN_TEST_CONFIGS",
    "SEND_ANONYMOUS_USAGE_STATS",
    "STATIC_PARSER",
    "STORE_FAILURES",
    "TARGET_PATH",
    "USE_COLORS",
    "USE_EXPERIMENTAL_PARSER",
    "VERSION_CHECK",
    "WARN_ERROR",
    "WARN_ERROR_OPTIONS",
    "WHICH",
    "WRITE_JSON",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(FLAGS.is_sorted());
        assert!(LOOP_MEMBERS.is_sorted_by_key(|member| member.name));
    }
}
