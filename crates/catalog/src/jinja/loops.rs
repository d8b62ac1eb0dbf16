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
