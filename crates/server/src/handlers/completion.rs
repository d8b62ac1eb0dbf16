//! `textDocument/completion` and `completionItem/resolve`.

use glueline_base::TextRange;
use glueline_ide::completion::{Item, ItemKind, Subject, TRIGGERS, complete, resolve};
use serde_json::json;
use tower_lsp_server::ls_types::{
    Command, CompletionItem, CompletionItemCapability, CompletionItemKind, CompletionItemLabelDetails,
    CompletionItemTag, CompletionList, CompletionOptions, CompletionOptionsCompletionItem, CompletionParams,
    CompletionResponse, CompletionTextEdit, Documentation, InsertReplaceEdit, InsertTextFormat,
    MarkupContent, MarkupKind, Position, Range, TextEdit,
};

use crate::agreed::Agreed;
use crate::view::View;

/// What is announced.
pub(crate) fn options() -> CompletionOptions {
    CompletionOptions {
        resolve_provider: Some(true),
        trigger_characters: Some(TRIGGERS.iter().map(char::to_string).collect()),
        completion_item: Some(CompletionOptionsCompletionItem {
            label_details_support: Some(true),
        }),
        ..CompletionOptions::default()
    }
}

/// What can stand at the place.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the protocol lets a server have no answer"
)]
pub(crate) fn completion(view: &View, params: &CompletionParams) -> Option<CompletionResponse> {
    let caret = params.text_document_position.position;
    let typed = params
        .context
        .as_ref()
        .and_then(|context| context.trigger_character.as_deref()?.chars().next())
        .filter(|typed| TRIGGERS.contains(typed));
    let found = complete(&view.analysis, view.at(caret), typed);
    let can = Can::of(&view.agreed);
    let items = found.items.iter().enumerate();
    // Nearly all replace the same word.
    let mut last: Option<(TextRange, Range)> = None;
    let mut replaced = |bytes: TextRange| match last {
        Some((known, range)) if known == bytes => range,
        _ => last.insert((bytes, view.range(bytes))).1,
    };
    Some(CompletionResponse::List(CompletionList {
        is_incomplete: found.is_incomplete,
        items: items
            .map(|(place, each)| item(view, can, (caret, replaced(each.range)), place, each))
            .collect(),
    }))
}

/// What is known of an item that was handed out.
pub(crate) fn documentation(view: &View, item: &CompletionItem) -> Option<Documentation> {
    let subject: Subject = item.data.as_ref()?.get("subject")?.as_str()?.parse().ok()?;
    let card = resolve(&view.analysis, &subject)?;
    let formats = item_capability(&view.agreed).and_then(|item| item.documentation_format.as_ref());
    let takes = |kind| formats.is_some_and(|formats| formats.contains(&kind));
    let (kind, value) = if takes(MarkupKind::Markdown) {
        (MarkupKind::Markdown, card.markdown())
    } else if takes(MarkupKind::PlainText) {
        (MarkupKind::PlainText, card.plain())
    } else {
        // Who names no format knows none.
        return Some(Documentation::String(card.plain()));
    };
    Some(Documentation::MarkupContent(MarkupContent { kind, value }))
}

/// What the client can do with items.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
struct Can {
    snippets: bool,
    insert_and_replace: bool,
    label_details: bool,
    tags: bool,
    /// Whether it asks again by a command of VS Code's.
    suggest: bool,
}

impl Can {
    fn of(agreed: &Agreed) -> Self {
        let item = item_capability(agreed);
        let is =
            |answer: fn(&CompletionItemCapability) -> Option<bool>| item.and_then(answer).unwrap_or_default();
        let tags = item.and_then(|item| item.tag_support.as_ref());
        let names = ["Visual Studio Code", "VSCodium", "Cursor"];
        let info = agreed.info.as_ref();
        Self {
            snippets: agreed.snippets(),
            insert_and_replace: is(|item| item.insert_replace_support),
            label_details: is(|item| item.label_details_support),
            tags: tags.is_some_and(|tags| tags.value_set.contains(&CompletionItemTag::DEPRECATED)),
            suggest: info.is_some_and(|info| names.iter().any(|name| info.name.starts_with(name))),
        }
    }
}

fn item_capability(agreed: &Agreed) -> Option<&CompletionItemCapability> {
    agreed.document()?.completion.as_ref()?.completion_item.as_ref()
}

fn item(view: &View, can: Can, at: (Position, Range), place: usize, item: &Item) -> CompletionItem {
    let snippet = item.snippet.as_ref().filter(|_| can.snippets);
    let has_details = can.label_details && item.signature.is_some();
    let is_tagged = item.is_deprecated && can.tags;
    CompletionItem {
        label: item.label.clone(),
        label_details: has_details.then(|| CompletionItemLabelDetails {
            detail: item.signature.clone(),
            description: None,
        }),
        kind: Some(kind(item.kind)),
        tags: is_tagged.then(|| vec![CompletionItemTag::DEPRECATED]),
        detail: detail(item, has_details),
        // Ranked here: clients that look at nothing else keep the order.
        sort_text: Some(format!("{place:04}")),
        filter_text: item.filter.clone(),
        insert_text_format: snippet.map(|_| InsertTextFormat::SNIPPET),
        text_edit: Some(edit(can, at, snippet.unwrap_or(&item.text))),
        command: (item.asks_again && can.suggest).then(|| Command {
            title: "Suggest".to_owned(),
            command: "editor.action.triggerSuggest".to_owned(),
            arguments: None,
        }),
        data: item
            .subject
            .as_ref()
            .map(|subject| json!({"uri": view.uri, "subject": subject.to_string()})),
        ..CompletionItem::default()
    }
}

/// The words in the list; the parameters before them where they can stand nowhere else.
fn detail(item: &Item, has_details: bool) -> Option<String> {
    match (&item.signature, &item.detail) {
        (Some(signature), Some(detail)) if !has_details => Some(format!("{signature} {detail}")),
        (Some(signature), None) if !has_details => Some(signature.clone()),
        (_, detail) => detail.clone(),
    }
}

/// What is put in, and the range that it replaces, with the caret in it or at its end.
fn edit(can: Can, (caret, replace): (Position, Range), text: &str) -> CompletionTextEdit {
    let insert = Range {
        start: replace.start,
        end: caret,
    };
    let new_text = text.to_owned();
    if can.insert_and_replace {
        return CompletionTextEdit::InsertAndReplace(InsertReplaceEdit {
            new_text,
            insert,
            replace,
        });
    }
    CompletionTextEdit::Edit(TextEdit {
        range: replace,
        new_text,
    })
}

const fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Relation | ItemKind::Table => CompletionItemKind::STRUCT,
        ItemKind::Namespace => CompletionItemKind::MODULE,
        ItemKind::Function => CompletionItemKind::FUNCTION,
        ItemKind::Method => CompletionItemKind::METHOD,
        ItemKind::Field | ItemKind::Column => CompletionItemKind::FIELD,
        ItemKind::Variable | ItemKind::Parameter => CompletionItemKind::VARIABLE,
        ItemKind::Key => CompletionItemKind::PROPERTY,
        ItemKind::Value => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Keyword => CompletionItemKind::KEYWORD,
        ItemKind::Type => CompletionItemKind::TYPE_PARAMETER,
        ItemKind::Folder => CompletionItemKind::FOLDER,
        ItemKind::Name => CompletionItemKind::CONSTANT,
    }
}
