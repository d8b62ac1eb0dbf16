//! What `sqlparse` makes of a text, as far as it matters to where ephemeral models go: its tokens (`keywords.py`, `SQL_REGEX`),
//! where its first statement ends (`engine/statement_splitter.py`) and which `with` is not in a group (`engine/grouping.py`).

mod lexer;

use lexer::{Kind, Lexer};

/// What `sqlparse` sees of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Where the first token stands that is no white space.
    pub(super) first: usize,
    /// Where the first token stands that follows a `with` outside of all groups.
    pub(super) with: Option<usize>,
    /// Where the first statement ends.
    pub(super) end: usize,
}

/// Finds the places that matter in a text.
pub(super) fn scan(text: &str) -> Found {
    let mut found = Found {
        first: text.len() - text.trim_start().len(),
        with: None,
        end: text.len(),
    };
    let mut splitter = Splitter::default();
    let mut groups = Groups::default();
    let mut after_with = AfterWith::No;
    for token in Lexer::new(text) {
        if splitter.is_over && !matches!(token.kind, Kind::Space | Kind::LineComment) {
            found.end = token.start;
            break;
        }
        let word = if token.kind == Kind::Keyword {
            normal(token.text)
        } else {
            String::new()
        };
        splitter.read(token.kind, token.text, &word);
        if found.with.is_none() && !matches!(token.kind, Kind::Space | Kind::Newline) {
            match after_with {
                AfterWith::No => {}
                AfterWith::Directly if word == "RECURSIVE" => after_with = AfterWith::Recursive,
                // Another `with` takes the place of the one before.
                AfterWith::Directly if word == "WITH" => continue,
                AfterWith::Directly | AfterWith::Recursive => found.with = Some(token.start),
            }
        }
        if groups.read(token.kind, token.text, &word) && word == "WITH" && after_with == AfterWith::No {
            after_with = AfterWith::Directly;
        }
    }
    if after_with != AfterWith::No && found.with.is_none() {
        found.with = Some(found.end);
    }
    found
}

/// How far a `with` is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AfterWith {
    No,
    Directly,
    /// `with recursive`
    Recursive,
}

/// A keyword in capitals, with one blank between its words.
fn normal(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_uppercase).collect();
    words.join(" ")
}

/// Which tokens are in no group.
#[derive(Debug, Default)]
struct Groups {
    /// How many parentheses and brackets are open.
    open: usize,
    /// Whether a `where` reaches here.
    in_where: bool,
}

impl Groups {
    /// Reads a token, and says whether it is in no group.
    fn read(&mut self, kind: Kind, text: &str, word: &str) -> bool {
        const END_WHERE: &[&str] = &[
            "ORDER BY",
            "GROUP BY",
            "LIMIT",
            "UNION",
            "UNION ALL",
            "EXCEPT",
            "HAVING",
            "RETURNING",
            "INTO",
        ];
        match (kind, text) {
            (Kind::Punctuation, "(" | "[") => self.open += 1,
            (Kind::Punctuation, ")" | "]") => self.open = self.open.saturating_sub(1),
            (Kind::Keyword, _) if self.open == 0 => {
                if word == "WHERE" {
                    self.in_where = true;
                } else if END_WHERE.contains(&word) {
                    self.in_where = false;
                }
            }
            _ => {}
        }
        self.open == 0 && !self.in_where
    }
}

/// A block that hides the semicolons within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Declare,
    Begin,
    For,
    While,
    Loop,
    If,
    Case,
}

/// `sqlparse.engine.statement_splitter.StatementSplitter`
#[derive(Debug, Default)]
struct Splitter {
    blocks: Vec<Block>,
    unconfirmed: Option<Block>,
    is_create: bool,
    seen_begin: bool,
    level: i64,
    /// The next token that is no blank begins another statement.
    is_over: bool,
}

impl Splitter {
    fn read(&mut self, kind: Kind, text: &str, word: &str) {
        self.level += self.change(kind, text, word);
        if kind == Kind::Punctuation && text == ";" {
            self.seen_begin = false;
            if self.level <= 0 && !self.blocks.contains(&Block::Begin) {
                self.is_over = true;
            }
        } else if kind == Kind::Keyword && word.split(' ').next() == Some("GO") && text.starts_with("GO") {
            self.is_over = true;
        } else if !matches!(
            kind,
            Kind::Space | Kind::Newline | Kind::LineComment | Kind::BlockComment
        ) && word != "BEGIN"
        {
            self.seen_begin = false;
        }
    }

    fn change(&mut self, kind: Kind, text: &str, word: &str) -> i64 {
        match (kind, text) {
            (Kind::Punctuation, ";") => {
                self.unconfirmed = None;
                let ends = std::mem::take(&mut self.seen_begin) && self.blocks.last() == Some(&Block::Begin);
                return if ends { self.close() } else { 0 };
            }
            (Kind::Punctuation, "(") => return 1,
            (Kind::Punctuation, ")") => return -1,
            (Kind::Keyword, _) => {}
            _ => return 0,
        }
        match word {
            _ if word.starts_with("CREATE") => {
                self.is_create = true;
                return 0;
            }
            "DECLARE" if self.is_create && self.blocks.is_empty() => return self.open(Block::Declare),
            "BEGIN" => {
                self.seen_begin = true;
                if self.blocks.last() == Some(&Block::Declare) {
                    self.blocks.pop();
                    self.blocks.push(Block::Begin);
                    return 0;
                }
                return self.open(Block::Begin);
            }
            "TRANSACTION" | "WORK" | "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE" if self.seen_begin => {
                self.seen_begin = false;
                let ends = self.blocks.last() == Some(&Block::Begin);
                return if ends { self.close() } else { 0 };
            }
            _ => {}
        }
        if self.blocks.contains(&Block::Begin)
            && let Some(change) = self.nested(word)
        {
            return change;
        }
        self.closing(word)
    }

    fn nested(&mut self, word: &str) -> Option<i64> {
        match word {
            "FOR" => self.unconfirmed = Some(Block::For),
            "WHILE" => self.unconfirmed = Some(Block::While),
            "LOOP" | "DO" => {
                return match self.unconfirmed.take() {
                    Some(block) => Some(self.open(block)),
                    None if word == "LOOP" => Some(self.open(Block::Loop)),
                    None => None,
                };
            }
            "IF" => return Some(self.open(Block::If)),
            "CASE" => return Some(self.open(Block::Case)),
            _ => return None,
        }
        Some(0)
    }

    fn closing(&mut self, word: &str) -> i64 {
        let last = self.blocks.last();
        let closes = match word {
            "END IF" => last == Some(&Block::If),
            "END FOR" => last == Some(&Block::For),
            "END WHILE" => last == Some(&Block::While),
            "END CASE" => last == Some(&Block::Case),
            "END LOOP" => matches!(last, Some(Block::Loop | Block::For | Block::While)),
            "END" => true,
            _ => false,
        };
        if closes { self.close() } else { 0 }
    }

    fn open(&mut self, block: Block) -> i64 {
        self.blocks.push(block);
        1
    }

    fn close(&mut self) -> i64 {
        self.blocks.pop();
        -1
    }
}
