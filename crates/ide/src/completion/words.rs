//! How a value is written in the language at the caret.

use glueline_base::TextRange;

use super::cx::Cx;

/// The language that a value is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// An expression of Jinja.
    Jinja,
    /// An expression of Python.
    Python,
    /// A scalar of YAML.
    Yaml,
    /// Inside quotes that stand there already, in any language.
    Quoted(Ending),
}

/// What has to be put in behind a text whose opening quote is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ending {
    /// The quote that is missing.
    pub(super) quote: Option<char>,
    /// Whether the bracket of the call is missing too.
    pub(super) bracket: bool,
}

impl Ending {
    /// A text with what has to follow it.
    pub(super) fn close(self, text: &str, is_last: bool) -> String {
        let mut closed = text.to_owned();
        if let Some(quote) = self.quote {
            closed.push(quote);
            if self.bracket && is_last {
                closed.push(')');
            }
        }
        closed
    }
}

impl Host {
    /// A text as a value.
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::Jinja => format!("'{text}'"),
            Self::Python => format!("\"{text}\""),
            Self::Yaml if needs_quotes(text) => format!("'{text}'"),
            Self::Yaml => text.to_owned(),
            Self::Quoted(ending) => ending.close(text, true),
        }
    }

    /// A boolean; `None` where only a text can stand.
    pub(super) const fn boolean(self, value: bool) -> Option<&'static str> {
        match (self, value) {
            (Self::Jinja | Self::Yaml, true) => Some("true"),
            (Self::Jinja | Self::Yaml, false) => Some("false"),
            (Self::Python, true) => Some("True"),
            (Self::Python, false) => Some("False"),
            (Self::Quoted(_), _) => None,
        }
    }

    /// Whether what is written is no text but a literal or a call, in a place where that can stand.
    pub(super) const fn takes_literals(self) -> bool {
        !matches!(self, Self::Quoted(_))
    }
}

/// Whether YAML would read a plain scalar as something else than this text.
fn needs_quotes(text: &str) -> bool {
    let odd = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+'));
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "~" | "y" | "n"
    );
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | '_' | 'e' | 'E'));
    text.is_empty() || is_word || is_number || text.chars().any(odd) || text.starts_with('-')
}

/// The word around the caret: letters, digits, `_` and the characters given.
pub(super) fn word_at(cx: &Cx<'_>, extra: &[char]) -> TextRange {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || extra.contains(&c);
    let before = cx.line_before();
    let after = cx.line_after();
    let head = before.len() - before.trim_end_matches(is_word).len();
    let tail = after.len() - after.trim_start_matches(is_word).len();
    glueline_base::range(cx.offset() - head, cx.offset() + tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_of_yaml() {
        for (text, expected) in [
            ("table", "table"),
            ("True", "'True'"),
            ("5.0", "'5.0'"),
            ("a b", "'a b'"),
            ("arn:aws", "'arn:aws'"),
            ("2024-01-01x", "2024-01-01x"),
            ("G.1X", "G.1X"),
            ("no", "'no'"),
        ] {
            assert_eq!(Host::Yaml.text(text), expected);
        }
    }
}
