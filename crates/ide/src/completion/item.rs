//! Items, and the list that picks and ranks them.

use glueline_base::{TextRange, TextSize};

use super::Subject;

/// The most items that are handed out at once; a list cut short is asked for again with every letter.
const MAX_ITEMS: usize = 250;

/// What an item stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A model, seed or snapshot.
    Relation,
    /// A source, a package or another name in front of names.
    Namespace,
    /// A macro, or a function of dbt's or Spark's.
    Function,
    /// A function of an object.
    Method,
    /// A value of an object.
    Field,
    /// A variable.
    Variable,
    /// A parameter of a call.
    Parameter,
    /// A key of a mapping.
    Key,
    /// One of a fixed set of values.
    Value,
    /// A word of the language.
    Keyword,
    /// A column.
    Column,
    /// A common table expression or an alias.
    Table,
    /// A type of SQL's.
    Type,
    /// A folder.
    Folder,
    /// A name that the project gives: a tag, a group, a docs block, a data test, a rule.
    Name,
}

/// Something that can be put in.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What is shown.
    pub label: String,
    /// What it stands for.
    pub kind: ItemKind,
    /// What is shown right behind the label: parameters.
    pub signature: Option<String>,
    /// A few words in the list.
    pub detail: Option<String>,
    /// What is put in.
    pub text: String,
    /// What is put in where the editor knows the places of snippets (`$1`, `$0`).
    pub snippet: Option<String>,
    /// What it replaces: the whole word; up to the caret where the editor inserts.
    pub range: TextRange,
    /// What is compared with what is typed, where that is not the label.
    pub filter: Option<String>,
    /// Whether it should not be used any more.
    pub is_deprecated: bool,
    /// Whether the editor should ask again once it is put in.
    pub asks_again: bool,
    /// What more is known of it.
    pub subject: Option<Subject>,
}

impl Item {
    /// An item that puts in what it shows.
    pub(super) fn new(kind: ItemKind, label: impl Into<String>, range: TextRange) -> Self {
        let label = label.into();
        Self {
            text: label.clone(),
            label,
            kind,
            signature: None,
            detail: None,
            snippet: None,
            range,
            filter: None,
            is_deprecated: false,
            asks_again: false,
            subject: None,
        }
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        self.detail = (!detail.is_empty()).then_some(detail);
        self
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    pub(super) fn snippet(mut self, snippet: impl Into<String>) -> Self {
        self.snippet = Some(snippet.into());
        self
    }

    pub(super) fn about(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }

    pub(super) fn asks_again(mut self) -> Self {
        self.asks_again = true;
        self
    }
}

/// What is offered, the likeliest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Completions {
    /// The items, ranked.
    pub items: Vec<Item>,
    /// Whether more would be there if more were typed.
    pub is_incomplete: bool,
}

/// Gathers items that fit what is typed.
#[derive(Debug)]
pub(super) struct List<'a> {
    /// What is typed of the word.
    typed: &'a str,
    /// What an item replaces.
    pub(super) range: TextRange,
    found: Vec<(Fit, u16, Item)>,
    is_cut: bool,
}

impl<'a> List<'a> {
    /// A list for the word at a range of a text, with the caret in it.
    pub(super) fn new(text: &'a str, range: TextRange, caret: TextSize) -> Self {
        let caret = caret.clamp(range.start(), range.end());
        // An edit stays in its line.
        let before = glueline_base::slice(text, TextRange::new(range.start(), caret));
        let after = glueline_base::slice(text, TextRange::new(caret, range.end()));
        let head = before.rfind('\n').map_or(0, |at| at + 1);
        let tail = after.find(['\n', '\r']).unwrap_or(after.len());
        let start = usize::from(range.start()) + head;
        let range = glueline_base::range(start, usize::from(caret) + tail);
        Self {
            typed: glueline_base::slice(text, TextRange::new(range.start(), caret)),
            range,
            found: Vec::new(),
            is_cut: false,
        }
    }

    /// How well a label fits what is typed; `None` where it does not.
    pub(super) fn fit(&self, label: &str) -> Option<Fit> {
        fit(self.typed, label)
    }

    /// Whether something is typed already.
    pub(super) const fn has_typed(&self) -> bool {
        !self.typed.is_empty()
    }

    /// Whether what is typed is written in capitals.
    pub(super) fn is_upper_case(&self) -> bool {
        let mut letters = self.typed.chars().filter(|c| c.is_alphabetic()).peekable();
        letters.peek().is_some() && letters.all(char::is_uppercase)
    }

    /// Offers an item, made only if its label fits. Lower tiers come first.
    pub(super) fn offer(&mut self, tier: u16, label: &str, item: impl FnOnce(Item) -> Item, kind: ItemKind) {
        if let Some(fit) = self.fit(label) {
            let made = item(Item::new(kind, label, self.range));
            self.found.push((fit, tier, made));
        }
    }

    /// Offers an item as it is, compared by its filter or label.
    pub(super) fn push(&mut self, tier: u16, item: Item) {
        let compared = item.filter.as_deref().unwrap_or(&item.label);
        if let Some(fit) = fit(self.typed, compared) {
            self.found.push((fit, tier, item));
        }
    }

    /// Says that more would fit than is offered.
    pub(super) const fn cut(&mut self) {
        self.is_cut = true;
    }

    /// The list, ranked and cut to what a person can look through.
    pub(super) fn finish(mut self) -> Completions {
        self.found.sort_by(|a, b| {
            let key = |entry: &(Fit, u16, Item)| (entry.0, entry.2.is_deprecated, entry.1);
            key(a).cmp(&key(b)).then_with(|| a.2.label.cmp(&b.2.label))
        });
        self.found
            .dedup_by(|a, b| a.2.label == b.2.label && a.2.text == b.2.text && a.2.kind == b.2.kind);
        let is_incomplete = self.is_cut || self.found.len() > MAX_ITEMS;
        self.found.truncate(MAX_ITEMS);
        Completions {
            items: self.found.into_iter().map(|(_, _, item)| item).collect(),
            is_incomplete,
        }
    }
}

/// How many candidates of many thousands are worth being made into items: nobody reads on, and each has to be written, sent and read.
pub(super) const WORTH_MAKING: usize = 100;

/// How well a label fits; the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It begins with what is typed, or nothing is typed.
    Start,
    /// One of its words does.
    Word,
    /// What is typed stands in it.
    Inside,
    /// The letters typed stand in it in their order.
    Letters,
}

/// How well a label fits what is typed: letters in any case, `-` for `_`, quotes of no account.
pub(super) fn fit(typed: &str, label: &str) -> Option<Fit> {
    if typed.is_empty() {
        return Some(Fit::Start);
    }
    let typed = typed.chars().map(fold).filter(is_counted);
    let mut rest = label.chars().map(fold).filter(is_counted);
    let mut behind = rest.clone();
    for wanted in typed.clone() {
        behind.find(|c| *c == wanted)?;
    }
    // Asked for every name of a project with every letter that is typed: nothing is allocated.
    let mut best = Fit::Letters;
    let mut before = None;
    loop {
        let mut here = rest.clone();
        if typed.clone().all(|wanted| here.next() == Some(wanted)) {
            match before {
                None => return Some(Fit::Start),
                Some('_' | '.' | ' ' | '/' | ':') => return Some(Fit::Word),
                Some(_) => best = Fit::Inside,
            }
        }
        match rest.next() {
            Some(c) => before = Some(c),
            None => return Some(best),
        }
    }
}

fn fold(c: char) -> char {
    match c {
        '-' => '_',
        c => c.to_ascii_lowercase(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "`filter` hands a reference")]
const fn is_counted(c: &char) -> bool {
    !matches!(c, '\'' | '"' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits() {
        for (typed, label, expected) in [
            ("", "a", Some(Fit::Start)),
            ("or", "orders", Some(Fit::Start)),
            ("OR", "orders", Some(Fit::Start)),
            ("or", "stg_orders", Some(Fit::Word)),
            ("der", "orders", Some(Fit::Inside)),
            ("or", "floor_orders", Some(Fit::Word)),
            ("aab", "a.aaab", Some(Fit::Inside)),
            ("Ö", "köln_Öl", Some(Fit::Word)),
            ("'", "orders", Some(Fit::Start)),
            ("so", "stg_orders", Some(Fit::Letters)),
            ("pre-h", "pre_hook", Some(Fit::Start)),
            ("'or", "orders", Some(Fit::Start)),
            ("x", "orders", None),
            ("sro", "orders", None),
        ] {
            assert_eq!(fit(typed, label), expected, "{typed} {label}");
        }
    }
}
