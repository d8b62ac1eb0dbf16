//! `glueline: allow(rule-id)` in comments.

use super::cx::Cx;
use super::item::{Completions, Item, ItemKind, List};
use super::subject::Subject;
use super::words::word_at;

/// What an open comment that allows rules begins with.
const MARKS: [&str; 2] = ["glueline: allow(", "glueline: allow-file("];

/// The rules that a comment at the caret can allow; `None` where the caret is in no such comment.
pub(super) fn complete(cx: &Cx<'_>) -> Option<Completions> {
    let line = cx.line_before();
    let (at, mark) = MARKS
        .iter()
        .filter_map(|mark| Some((line.rfind(mark)?, *mark)))
        .max()?;
    let inner = line.get(at + mark.len()..)?;
    let in_comment = line.get(..at).is_some_and(|before| {
        ["--", "#", "{#", "/*"]
            .iter()
            .any(|opener| before.contains(opener))
    });
    if inner.contains(')') || !in_comment {
        return None;
    }
    let word = word_at(cx, &['-']);
    let mut list = List::new(cx.text, word, cx.caret);
    let typed = inner.rsplit_once(',').map_or("", |(given, _)| given);
    let given: Vec<&str> = typed.split(',').map(str::trim).collect();
    offer_rules(&mut list, &given, str::to_owned);
    Some(list.finish())
}

/// Offers the rules that are not named yet.
pub(super) fn offer_rules(list: &mut List<'_>, given: &[&str], write: impl Fn(&str) -> String) {
    for rule in glueline_rules::ALL.iter() {
        let meta = &rule.meta;
        if !given.contains(&meta.id) {
            let item = |item: Item| {
                item.detail(meta.summary)
                    .text(write(meta.id))
                    .about(Subject::Rule(meta.id.to_owned()))
            };
            list.offer(0, meta.id, item, ItemKind::Name);
        }
    }
}
