//! The two kinds of patterns dbt knows: Python's `fnmatch` for names and `pathlib` globs for paths.

use std::str::Chars;

/// A name pattern: `*`, `?`, `[a-z]`, `[!a-z]`. It matches whole texts and tells upper from lower case, as
/// Python's `fnmatch` does on Linux and macOS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Char(char),
    Any,
    Many,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Glob {
    /// Reads a pattern; an unclosed bracket stands for itself.
    pub fn new(pattern: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = pattern.chars();
        while let Some(c) = rest.next() {
            match c {
                '*' if pieces.last() == Some(&Piece::Many) => {}
                '*' => pieces.push(Piece::Many),
                '?' => pieces.push(Piece::Any),
                '[' => pieces.push(class(&mut rest).unwrap_or(Piece::Char('['))),
                c => pieces.push(Piece::Char(c)),
            }
        }
        Self { pieces }
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut next = 0;
        // Where to go on after a mismatch: behind the last `*`, which then takes one character more.
        let mut retry: Option<(usize, Chars<'_>)> = None;
        loop {
            match self.pieces.get(next) {
                Some(Piece::Many) => {
                    next += 1;
                    retry = Some((next, rest.clone()));
                    continue;
                }
                Some(piece) => {
                    let mut ahead = rest.clone();
                    if ahead.next().is_some_and(|c| piece.accepts(c)) {
                        rest = ahead;
                        next += 1;
                        continue;
                    }
                }
                None if rest.as_str().is_empty() => return true,
                None => {}
            }
            let Some((after, from)) = &mut retry else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            next = *after;
            rest = from.clone();
        }
    }

    /// Whether every text matches.
    pub fn is_anything(&self) -> bool {
        self.pieces == [Piece::Many]
    }
}

impl Piece {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::Any | Self::Many => true,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

/// Reads a class after its `[` and moves `rest` behind its `]`; `None`, and `rest` unmoved, where there is none.
fn class(rest: &mut Chars<'_>) -> Option<Piece> {
    let text = rest.as_str();
    let (negated, body) = match text.strip_prefix('!') {
        Some(body) => (true, body),
        None => (false, text),
    };
    // A `]` that comes first is one of the characters.
    let skipped = usize::from(body.starts_with(']'));
    let length = body.get(skipped..)?.find(']')? + skipped;
    let inner = body.get(..length)?;
    let mut ranges = Vec::new();
    let mut chars = inner.chars();
    while let Some(low) = chars.next() {
        let mut ahead = chars.clone();
        match (ahead.next(), ahead.next()) {
            // A range that runs backwards holds nothing.
            (Some('-'), Some(high)) => {
                ranges.push((low, high));
                chars = ahead;
            }
            _ => ranges.push((low, low)),
        }
    }
    *rest = body.get(length + 1..)?.chars();
    Some(Piece::Class { negated, ranges })
}

/// A path pattern, as `pathlib.Path.glob` reads it: names and name patterns joined by `/`, where `**` stands for
/// any number of directories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    steps: Vec<Step>,
    only_directories: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Pattern(Glob),
    Directories,
}

impl PathPattern {
    /// Reads a pattern; the error says why Python refuses it.
    pub fn new(pattern: &str) -> Result<Self, &'static str> {
        if pattern.starts_with('/') {
            return Err("the path has to be relative to the project");
        }
        let mut steps = Vec::new();
        for part in pattern.split('/').filter(|part| !matches!(*part, "" | ".")) {
            steps.push(if part == "**" {
                Step::Directories
            } else if part.contains("**") {
                return Err("`**` has to stand alone between slashes");
            } else if part.contains(['*', '?', '[']) {
                Step::Pattern(Glob::new(part))
            } else {
                Step::Name(part.to_owned())
            });
        }
        if steps.is_empty() {
            return Err("the path names no file or directory");
        }
        Ok(Self {
            steps,
            only_directories: pattern.ends_with('/'),
        })
    }

    /// Whether the file, or a directory it lies in, matches and `exists`.
    pub fn matches(&self, file: &str, exists: impl Fn(&str) -> bool) -> bool {
        // `reached[n]`: the path so far matches the first n steps.
        let mut reached = vec![false; self.steps.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        self.pass_over_directories(&mut reached);
        let mut length = 0;
        loop {
            let path = file.get(..length).unwrap_or(file);
            let is_file = length == file.len();
            if reached.last() == Some(&true) && !(is_file && self.only_directories) && exists(path) {
                return true;
            }
            if is_file {
                return false;
            }
            let start = if length == 0 { 0 } else { length + 1 };
            let rest = file.get(start..).unwrap_or_default();
            let name = rest.split('/').next().unwrap_or_default();
            length = (start + name.len()).max(length + 1).min(file.len());
            reached = self.step(&reached, name, length == file.len());
        }
    }

    fn step(&self, reached: &[bool], name: &str, is_file: bool) -> Vec<bool> {
        let mut next = vec![false; reached.len()];
        for (index, (step, _)) in self
            .steps
            .iter()
            .zip(reached)
            .enumerate()
            .filter(|(_, (_, reached))| **reached)
        {
            let target = match step {
                Step::Name(own) if own == name => index + 1,
                Step::Pattern(glob) if glob.matches(name) => index + 1,
                Step::Directories if !is_file => index,
                _ => continue,
            };
            if let Some(target) = next.get_mut(target) {
                *target = true;
            }
        }
        if !is_file {
            self.pass_over_directories(&mut next);
        }
        next
    }

    /// `**` also stands for no directory at all.
    fn pass_over_directories(&self, reached: &mut [bool]) {
        for (index, step) in self.steps.iter().enumerate() {
            let here = reached.get(index) == Some(&true);
            if here
                && *step == Step::Directories
                && let Some(after) = reached.get_mut(index + 1)
            {
                *after = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_in_python() {
        for (pattern, matching, other) in [
            ("*", &["", "a", "a.b/c"][..], &[][..]),
            ("a*c", &["ac", "abc", "abcc"], &["ab", "Abc", "acd"]),
            ("a?c", &["abc", "aéc"], &["ac", "abbc"]),
            ("*a*b*", &["ab", "xaxxbx", "aab"], &["ba", "a"]),
            ("[ab]x", &["ax", "bx"], &["cx", "x"]),
            ("[!ab]x", &["cx", "!x"], &["ax"]),
            ("[a-c]", &["a", "b", "c"], &["d", "-"]),
            ("[a-]", &["a", "-"], &["b"]),
            ("[-a]", &["a", "-"], &["b"]),
            ("[a-c-e]", &["b", "-", "e"], &["d"]),
            ("[z-a]", &[], &["z", "a", "m", "-"]),
            ("[!z-a]", &["z", "a", "m"], &[""]),
            ("[]]", &["]"], &["["]),
            ("[!]]", &["["], &["]"]),
            ("[]-a]", &["]", "^", "a"], &["b"]),
            ("[a", &["[a"], &["a"]),
            ("[", &["["], &[""]),
            ("[]", &["[]"], &["]"]),
            ("[!]", &["[!]"], &["!"]),
            ("a.c", &["a.c"], &["abc"]),
            ("[^a]", &["^", "a"], &["b"]),
            ("[\\]", &["\\"], &["]"]),
        ] {
            let glob = Glob::new(pattern);
            for text in matching {
                assert!(glob.matches(text), "{pattern} {text}");
            }
            for text in other {
                assert!(!glob.matches(text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn a_pattern_of_many_stars_is_quick() {
        let glob = Glob::new(&"*a".repeat(50));
        assert!(!glob.matches(&"a".repeat(49)));
        assert!(glob.matches(&"a".repeat(5000)));
        assert!(!glob.matches(&format!("{}b", "a".repeat(5000))));
    }

    #[test]
    fn paths_match_themselves_and_their_directories() {
        let file = "models/marts/core/orders.sql";
        for (pattern, expected) in [
            ("models", true),
            ("models/", true),
            ("./models//marts/.", true),
            ("models/marts/core/orders.sql", true),
            ("models/marts/core/orders.sql/", false),
            ("models/*/core", true),
            ("models/*/orders.sql", false),
            ("models/**/orders.sql", true),
            ("models/marts/core/**/orders.sql", true),
            ("**", true),
            ("**/core", true),
            ("**/orders.sql/**", false),
            ("**/**/or*", true),
            ("mod*", true),
            ("mod", false),
            ("marts", false),
            ("models/../models", false),
            ("models/marts/core/orders.sql/x", false),
        ] {
            let found = PathPattern::new(pattern).unwrap().matches(file, |_| true);
            assert_eq!(found, expected, "{pattern}");
        }
        assert!(PathPattern::new("*.sql").unwrap().matches("a.sql", |_| true));
        assert!(PathPattern::new("**").unwrap().matches("a.sql", str::is_empty));
        assert!(
            !PathPattern::new("models")
                .unwrap()
                .matches(file, |path| path != "models")
        );
        for pattern in ["", ".", "/models", "a/b**", "./"] {
            assert!(PathPattern::new(pattern).is_err(), "{pattern}");
        }
        for odd in ["", "/", "//", "a//b", "é/ü.sql/"] {
            assert!(!PathPattern::new("x/y").unwrap().matches(odd, |_| true), "{odd}");
        }
    }
}
