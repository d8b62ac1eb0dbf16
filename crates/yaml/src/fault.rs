//! What is wrong with a text, in words that say what to do.

use glueline_base::{SyntaxError, TextRange, range};

use crate::chars::{between, line_end, line_start};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FaultKind {
    // Characters.
    Unprintable,
    Tab,
    CannotStart,
    // Scalars.
    UnclosedQuote,
    QuoteClosedLate,
    MarkerInQuotes,
    TextAfterQuotes,
    UnknownEscape,
    BadEscapeNumber,
    BadBlockHeader,
    // Structure.
    MissingColon,
    ColonNotAllowed,
    ColonWithoutKey,
    ColonInFlow,
    DashNotAllowed,
    QuestionMarkNotAllowed,
    ExpectedKey,
    ExpectedDash,
    ExpectedValue,
    ExpectedComma,
    UnclosedBracket,
    StrayIndicator,
    ContentAfterRoot,
    SecondDocument,
    BadDirective,
    DirectiveWithoutDocument,
    TooDeep,
    // Jinja.
    BareJinja,
    UnclosedJinja,
    JinjaLine,
    // Anchors and tags.
    BadName,
    BadTag,
    UndefinedAlias,
    DuplicateAnchor,
    UnknownTag,
    UndeclaredTag,
    TagMismatch,
    TagNeedsPairs,
    // Values.
    CollectionAsKey,
    MergeOfNoMapping,
    MergeAsValue,
    ReservedValue,
    BadNumber,
    BadBool,
    BadDate,
}

impl FaultKind {
    /// Whether the fault is how lines stand to each other, and not what is in one of them.
    pub(crate) const fn is_about_lines(self) -> bool {
        matches!(
            self,
            Self::MissingColon
                | Self::ColonNotAllowed
                | Self::ColonWithoutKey
                | Self::ExpectedKey
                | Self::ExpectedDash
                | Self::ExpectedValue
                | Self::ExpectedComma
                | Self::StrayIndicator
                | Self::ContentAfterRoot
        )
    }
}

/// A fault and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// The bytes to underline.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How far the text made sense.
    pub(crate) reached: usize,
}

impl Fault {
    pub(crate) const fn new(kind: FaultKind, start: usize, end: usize) -> Self {
        Self {
            kind,
            start,
            end,
            reached: start,
        }
    }

    /// The fault in words, with a fix where it is certain. `text` is the text as the user wrote it.
    pub(crate) fn describe(&self, text: &str) -> SyntaxError {
        let at = on_boundaries(text, self.start, self.end);
        match self.kind {
            FaultKind::ColonNotAllowed => return self.describe_colon(text),
            FaultKind::MissingColon => return self.describe_missing_colon(text),
            _ => {}
        }
        SyntaxError {
            message: self.message(text),
            range: at,
            fix: self.fix(text).map(|fixed| (at, fixed)),
        }
    }

    fn message(&self, text: &str) -> String {
        let written = shown(between(text, self.start, self.end));
        match self.kind {
            FaultKind::Unprintable => {
                let code = between(text, self.start, self.end).chars().next().map_or(0, u32::from);
                format!("YAML does not allow the invisible character U+{code:04X}: remove it")
            }
            FaultKind::Tab => "a tab stands where YAML wants spaces: indent with spaces".to_owned(),
            FaultKind::CannotStart => format!("a value cannot start with `{written}`: put it in quotes"),
            FaultKind::UnclosedQuote => "this quote is never closed".to_owned(),
            FaultKind::QuoteClosedLate => {
                "this quote is not closed on its line, and the next quote below ends it: close it, or double \
                 the quotes inside it"
                    .to_owned()
            }
            FaultKind::MarkerInQuotes => {
                "the text of this quote holds a line that starts with `---` or `...`, which ends a document: \
                 close the quote or indent that line"
                    .to_owned()
            }
            FaultKind::TextAfterQuotes => {
                "text follows the closing quote: put the whole value in one pair of quotes".to_owned()
            }
            FaultKind::UnknownEscape => format!(
                "`{written}` means nothing in double quotes: write `\\{written}` or use single quotes"
            ),
            FaultKind::BadEscapeNumber => format!("`{written}` is not the number of a character"),
            FaultKind::BadBlockHeader => {
                "behind `|` or `>` only `+`, `-`, a digit from 1 to 9 and a comment may follow: put the text on \
                 the next line, indented"
                    .to_owned()
            }
            FaultKind::ColonWithoutKey => "this `:` has no key before it".to_owned(),
            FaultKind::ColonInFlow => {
                format!("inside brackets a `:` needs a space behind it, and `{written}` has none")
            }
            FaultKind::DashNotAllowed => {
                "a list cannot start on the line of its key: put this `- ` on the next line".to_owned()
            }
            FaultKind::QuestionMarkNotAllowed => "a value cannot start with `? `: put it in quotes".to_owned(),
            FaultKind::ExpectedKey if self.is_dash(text) => {
                "this `- ` does not line up with the lines above: check the indentation".to_owned()
            }
            FaultKind::ExpectedKey => {
                "this line does not line up with the keys above: check the indentation".to_owned()
            }
            FaultKind::ExpectedDash => {
                "this line does not line up with the `- ` of the list above: check the indentation".to_owned()
            }
            FaultKind::ExpectedValue => "a value is missing here".to_owned(),
            FaultKind::ExpectedComma => "a `,` is missing before this".to_owned(),
            FaultKind::UnclosedBracket => {
                let bracket = between(text, self.start, self.start + 1);
                let closing = if bracket == "[" { "]" } else { "}" };
                if between(text, self.start, self.end).starts_with("{#") {
                    "`{# ... #}` is no comment in YAML: use `#`".to_owned()
                } else {
                    format!("this `{bracket}` is not closed by a `{closing}`")
                }
            }
            FaultKind::StrayIndicator => format!("this `{written}` belongs to nothing: remove it or use quotes"),
            FaultKind::ContentAfterRoot => {
                "this line belongs to nothing above it: check the indentation".to_owned()
            }
            FaultKind::SecondDocument => {
                "a second document starts here, and a file may hold only one: remove what follows".to_owned()
            }
            FaultKind::BadDirective => format!("`{written}` is no directive that can be read"),
            FaultKind::DirectiveWithoutDocument => "a `---` must follow the directives".to_owned(),
            FaultKind::TooDeep => "collections are nested too deeply here to be read".to_owned(),
            FaultKind::BareJinja => {
                "Jinja needs quotes in YAML, which reads a bare `{` as the start of a mapping".to_owned()
            }
            FaultKind::UnclosedJinja => {
                "Jinja needs quotes in YAML, and this is not closed: close it and put the value in quotes"
                    .to_owned()
            }
            FaultKind::JinjaLine => {
                "Jinja cannot stand on a line of its own in YAML, which is read before Jinja is rendered".to_owned()
            }
            FaultKind::BadName => {
                format!("`{written}` is no name of an anchor: use letters, digits, `-` and `_`, or quotes")
            }
            FaultKind::BadTag => format!("`{written}` is no tag: put the value in quotes"),
            FaultKind::UndefinedAlias => {
                let name = written.trim_start_matches('*');
                format!("nothing above is anchored as `&{name}`: define it, or put the value in quotes")
            }
            FaultKind::DuplicateAnchor => format!("the anchor `{written}` is defined twice: rename one"),
            FaultKind::UnknownTag => format!("the tag `{written}` is not known: remove it, or put the value in quotes"),
            FaultKind::UndeclaredTag => format!("the handle of the tag `{written}` is not declared by a `%TAG`"),
            FaultKind::TagMismatch => "the tag does not fit the kind of this value".to_owned(),
            FaultKind::TagNeedsPairs => "the tag wants a list of mappings with one entry each".to_owned(),
            FaultKind::CollectionAsKey => "a list or a mapping cannot be a key: put it in quotes".to_owned(),
            FaultKind::MergeOfNoMapping => "`<<` merges a mapping or a list of mappings, and this is none".to_owned(),
            FaultKind::MergeAsValue => "`<<` cannot be a value: put it in quotes".to_owned(),
            FaultKind::ReservedValue => "`=` cannot be a value: put it in quotes".to_owned(),
            FaultKind::BadNumber => format!("`{written}` cannot be read as a number: put it in quotes"),
            FaultKind::BadBool => format!("`{written}` is neither true nor false"),
            FaultKind::BadDate => format!("`{written}` looks like a date but there is no such day or time: use quotes"),
            FaultKind::ColonNotAllowed | FaultKind::MissingColon => String::new(),
        }
    }

    fn fix(&self, text: &str) -> Option<String> {
        let written = between(text, self.start, self.end);
        match self.kind {
            FaultKind::BareJinja if !written.contains(['\n', '\r']) => Some(quoted(written)),
            FaultKind::MergeAsValue | FaultKind::ReservedValue | FaultKind::BadDate => Some(quoted(written)),
            FaultKind::UnknownEscape => Some(format!("\\{written}")),
            _ => None,
        }
    }

    fn is_dash(&self, text: &str) -> bool {
        between(text, self.start, line_end(text, self.start)).starts_with("- ")
    }

    /// A `: ` where no key can be: inside a value, or below one.
    fn describe_colon(&self, text: &str) -> SyntaxError {
        let line = line_start(text, self.start);
        let before = between(text, line, self.start);
        if let Some(first) = before.find(": ") {
            let value = line + first + 2;
            let value = value
                + between(text, value, self.start)
                    .bytes()
                    .take_while(|b| *b == b' ')
                    .count();
            return describe_colon_in_value(text, value);
        }
        let key = line + before.len() - before.trim_start().len();
        let above = between(text, 0, line).trim_end();
        let above_start = line_start(text, above.len());
        if let Some(colon) = colon_without_space(text, above_start, above.len()) {
            return missing_space(text, colon);
        }
        let message = if between(text, above_start, above.len()).contains(": ") {
            "this key belongs to nothing: the line above has a value already, so check the indentation"
        } else {
            "this key follows a line that is no `key:`: add the `:` above, or check the indentation"
        };
        SyntaxError::new(message, on_boundaries(text, key, self.start + 1))
    }

    /// Something stands in the column of keys and is none.
    fn describe_missing_colon(&self, text: &str) -> SyntaxError {
        let end = line_end(text, self.start);
        let line = between(text, self.start, end).trim_end();
        if let Some(rest) = line.strip_prefix('-')
            && rest.starts_with(|c: char| c != '-')
        {
            let dash = range(self.start, self.start + 1);
            return SyntaxError {
                message: "a space is missing behind this `-`".to_owned(),
                range: dash,
                fix: Some((dash, "- ".to_owned())),
            };
        }
        if let Some(colon) = colon_without_space(text, self.start, self.start + line.len()) {
            return missing_space(text, colon);
        }
        let message = format!("`{}` is neither a `key: value` nor an `- item`", shown(line));
        SyntaxError::new(message, on_boundaries(text, self.start, self.start + line.len()))
    }
}

/// Puts a text in quotes so that YAML reads it as it is: double ones, unless they would need escapes.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

fn describe_colon_in_value(text: &str, value: usize) -> SyntaxError {
    let line = between(text, value, line_end(text, value));
    let written = line.split(" #").next().unwrap_or(line).trim_end();
    let at = on_boundaries(text, value, value + written.len());
    let message = "a value cannot hold `: ` without quotes: put it in quotes".to_owned();
    // A phrase with a colon in it was meant as a text; `a: b: c` may have been meant as anything.
    let is_phrase = written.replacen(": ", "", 1).contains(' ');
    let is_plain = !written.starts_with(['"', '\'', '[', '{', '&', '*', '!', '|', '>', '-', '?']);
    SyntaxError {
        message,
        range: at,
        fix: (is_phrase && is_plain).then(|| (at, quoted(written))),
    }
}

/// The first colon of a line of the form `key:value`.
fn colon_without_space(text: &str, start: usize, end: usize) -> Option<usize> {
    let line = between(text, start, end);
    let content = line.trim_start_matches([' ', '-']);
    let name = content
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+'))
        .count();
    let rest = content.get(name..)?;
    let has_colon = name > 0 && rest.starts_with(':') && !rest.starts_with("://") && !rest.starts_with("::");
    let spaced = rest
        .get(1..)
        .is_none_or(|value| value.is_empty() || value.starts_with([' ', '\t']));
    (has_colon && !spaced).then(|| start + line.len() - content.len() + name)
}

fn missing_space(text: &str, colon: usize) -> SyntaxError {
    let at = on_boundaries(text, colon, colon + 1);
    SyntaxError {
        message: "a space is missing behind this `:`".to_owned(),
        range: at,
        fix: Some((at, ": ".to_owned())),
    }
}

/// The first line of a text, shortened.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}...", line.get(..at).unwrap_or("")),
        None => line.to_owned(),
    }
}

/// A range of the text, moved to the boundaries of its characters.
fn on_boundaries(text: &str, start: usize, end: usize) -> TextRange {
    let start = text.floor_char_boundary(start);
    let end = text.ceil_char_boundary(end.max(start));
    range(start, end)
}
