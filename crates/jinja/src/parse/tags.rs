//! The tags of dbt's dialect and which of them open blocks.

/// The tags that open a block, each with its end tag. `set` opens one only without `=`.
const BLOCKS: [(&str, &str); 14] = [
    ("if", "endif"),
    ("for", "endfor"),
    ("set", "endset"),
    ("macro", "endmacro"),
    ("call", "endcall"),
    ("filter", "endfilter"),
    ("block", "endblock"),
    ("with", "endwith"),
    ("autoescape", "endautoescape"),
    ("raw", "endraw"),
    ("snapshot", "endsnapshot"),
    ("test", "endtest"),
    ("materialization", "endmaterialization"),
    ("docs", "enddocs"),
];

/// The tags that stand alone or inside a block.
const OTHERS: [&str; 10] = [
    "elif", "else", "do", "print", "break", "continue", "include", "import", "from", "extends",
];

/// The end tag of a tag that opens a block: `endif` of `if`.
pub fn end_tag(name: &str) -> Option<&'static str> {
    BLOCKS
        .iter()
        .find(|(block, _)| *block == name)
        .map(|(_, end)| *end)
}

/// Whether a name is an end tag.
pub(crate) fn is_end(name: &str) -> bool {
    BLOCKS.iter().any(|(_, end)| *end == name)
}

/// Whether a name is a tag.
pub(super) fn is_tag(name: &str) -> bool {
    OTHERS.contains(&name) || BLOCKS.iter().any(|(block, end)| *block == name || *end == name)
}

/// The tag a person most likely meant.
pub(super) fn nearest_tag(name: &str) -> Option<&'static str> {
    if matches!(name, "elseif" | "elsif" | "elsewhen") {
        return Some("elif");
    }
    let all = || {
        BLOCKS
            .iter()
            .flat_map(|(block, end)| [*block, *end])
            .chain(OTHERS)
    };
    let mut started = all().filter(|tag| name.len() > 3 && tag.starts_with(name));
    match (started.next(), started.next()) {
        (Some(only), None) => Some(only),
        _ => glueline_base::nearest(name, all()),
    }
}

/// The tag of a name, with a lifetime of its own.
pub(super) fn tag_name(name: &str) -> Option<&'static str> {
    BLOCKS
        .iter()
        .map(|(block, _)| *block)
        .chain(OTHERS)
        .find(|tag| *tag == name)
}

/// The end tag of a name, with a lifetime of its own.
pub(super) fn end_name(name: &str) -> Option<&'static str> {
    BLOCKS.iter().map(|(_, end)| *end).find(|end| *end == name)
}

/// Every tag that a statement can begin with, ends of blocks aside.
pub fn statement_tags() -> impl Iterator<Item = &'static str> {
    BLOCKS.iter().map(|(block, _)| *block).chain(OTHERS)
}
