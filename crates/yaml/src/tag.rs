//! Tags and the directives that declare them.

/// What a tag makes of its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// `!!str`.
    Str,
    /// `!!int`.
    Int,
    /// `!!float`.
    Float,
    /// `!!bool`.
    Bool,
    /// `!!null`.
    Null,
    /// `!!timestamp`.
    Timestamp,
    /// `!!binary`.
    Binary,
    /// `!!seq`.
    Seq,
    /// `!!omap`: a list of pairs.
    OrderedMap,
    /// `!!pairs`: a list of pairs.
    Pairs,
    /// `!!map`.
    Map,
    /// `!!set`: a mapping to nothing.
    Set,
    /// `!`: as if there were no tag.
    NonSpecific,
    /// One that PyYAML's `SafeLoader` does not know.
    Unknown,
    /// One whose handle no `%TAG` declares.
    Undeclared,
}

/// The tags of YAML 1.1 (yaml.org/type) that PyYAML's `SafeLoader` constructs.
const KNOWN: [(&str, Tag); 12] = [
    ("str", Tag::Str),
    ("int", Tag::Int),
    ("float", Tag::Float),
    ("bool", Tag::Bool),
    ("null", Tag::Null),
    ("timestamp", Tag::Timestamp),
    ("binary", Tag::Binary),
    ("seq", Tag::Seq),
    ("omap", Tag::OrderedMap),
    ("pairs", Tag::Pairs),
    ("map", Tag::Map),
    ("set", Tag::Set),
];

const YAML_PREFIX: &str = "tag:yaml.org,2002:";

/// The directives before `---`.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    has_version: bool,
    /// Handles and the prefixes they stand for.
    handles: Vec<(String, String)>,
}

impl Directives {
    /// Reads a line that starts with `%`; false where PyYAML refuses it.
    pub(crate) fn read(&mut self, line: &str) -> bool {
        let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("%YAML"), Some("1.1" | "1.2"), None, None) => {
                !std::mem::replace(&mut self.has_version, true)
            }
            (Some("%TAG"), Some(handle), Some(prefix), None) => {
                let is_handle =
                    handle.starts_with('!') && (handle == "!" || handle.len() > 1 && handle.ends_with('!'));
                let is_new = self.handles.iter().all(|(known, _)| known != handle);
                self.handles.push((handle.to_owned(), prefix.to_owned()));
                is_handle && is_new
            }
            _ => false,
        }
    }

    /// What a tag means.
    pub(crate) fn resolve(&self, written: &str) -> Tag {
        if written == "!" {
            return Tag::NonSpecific;
        }
        if let Some(uri) = written.strip_prefix("!<") {
            return known(uri.strip_suffix('>').unwrap_or(uri));
        }
        let after_bang = written.strip_prefix('!').unwrap_or(written);
        let (handle, name) = match after_bang.find('!') {
            Some(at) => written.split_at_checked(at + 2).unwrap_or((written, "")),
            None => ("!", after_bang),
        };
        let declared = self.handles.iter().find(|(known, _)| known == handle);
        match (declared, handle) {
            (Some((_, prefix)), _) => known(&format!("{prefix}{name}")),
            (None, "!!") => known_name(name),
            (None, "!") => Tag::Unknown,
            (None, _) => Tag::Undeclared,
        }
    }
}

fn known(uri: &str) -> Tag {
    match uri.strip_prefix(YAML_PREFIX) {
        Some(name) => known_name(name),
        None if uri == "!" => Tag::NonSpecific,
        None => Tag::Unknown,
    }
}

fn known_name(name: &str) -> Tag {
    KNOWN
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(Tag::Unknown, |(_, tag)| *tag)
}
