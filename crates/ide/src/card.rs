//! What is told of a thing, once for editors that show Markdown and once for those that show plain text.

use std::fmt::Write as _;

/// What is told of a thing: blocks below each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    /// Code of a language.
    Code(&'static str, String),
    /// A paragraph of Markdown.
    Text(String),
    /// Facts, each with what it is about.
    Facts(Vec<(String, String)>),
}

impl Card {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds code.
    #[must_use]
    pub fn code(mut self, language: &'static str, code: impl Into<String>) -> Self {
        self.blocks.push(Block::Code(language, code.into()));
        self
    }

    /// Adds Markdown, unless there is nothing in it.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.trim().is_empty() {
            self.blocks.push(Block::Text(text.trim().to_owned()));
        }
        self
    }

    /// Adds facts, unless there are none. What they are about and what they say is Markdown.
    #[must_use]
    pub fn facts(mut self, facts: Vec<(String, String)>) -> Self {
        if !facts.is_empty() {
            self.blocks.push(Block::Facts(facts));
        }
        self
    }

    /// Adds all of another card.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.blocks.extend(other.blocks);
        self
    }

    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = match block {
                Block::Code(language, code) => {
                    let fence = fence(code);
                    writeln!(out, "{fence}{language}\n{}\n{fence}", code.trim_end())
                }
                Block::Text(text) => writeln!(out, "{text}"),
                Block::Facts(facts) => facts.iter().try_for_each(|(what, text)| {
                    let separator = if what.is_empty() { "" } else { ": " };
                    writeln!(out, "- {what}{separator}{text}")
                }),
            };
        }
        out.trim_end().to_owned()
    }

    /// As plain text.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = match block {
                Block::Code(_, code) => writeln!(out, "{}", code.trim_end()),
                Block::Text(text) => writeln!(out, "{}", undressed(text)),
                Block::Facts(facts) => facts.iter().try_for_each(|(what, text)| {
                    let separator = if what.is_empty() { "" } else { ": " };
                    writeln!(out, "{}{separator}{}", undressed(what), undressed(text))
                }),
            };
        }
        out.trim_end().to_owned()
    }
}

/// A fence that the code does not close.
fn fence(code: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for letter in code.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat(longest.max(2) + 1)
}

/// Markdown without its fences, backticks and stars of emphasis.
fn undressed(text: &str) -> String {
    let kept = text.lines().filter(|line| !line.trim_start().starts_with("```"));
    let lines: Vec<String> = kept
        .map(|line| line.replace(['`'], "").replace("**", ""))
        .collect();
    lines.join("\n")
}

/// A text as code within Markdown.
pub(crate) fn code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.contains('`') {
        format!("`` {line} ``")
    } else {
        format!("`{line}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_written_twice() {
        let card = Card::new()
            .code("sql", "select 1\n")
            .text("A `word` of **weight**.")
            .text(" ")
            .facts(vec![
                ("`a`".to_owned(), "1".to_owned()),
                (String::new(), "b".to_owned()),
            ]);
        assert_eq!(
            card.markdown(),
            "```sql\nselect 1\n```\n\nA `word` of **weight**.\n\n- `a`: 1\n- b"
        );
        assert_eq!(card.plain(), "select 1\n\nA word of weight.\n\na: 1\nb");
        assert!(Card::new().is_empty() && Card::new().markdown().is_empty());
    }

    #[test]
    fn code_cannot_break_out() {
        let card = Card::new().code("sql", "```\nx");
        assert_eq!(card.markdown(), "````sql\n```\nx\n````");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
