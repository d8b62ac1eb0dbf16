//! Python's `str`, which may carry marks of where its parts were written.

use std::borrow::Cow;
use std::sync::Arc;

use crate::marks;

/// A text. Within it may stand marks (see [`marks`](crate::marks)) that say where its parts come from; they are no part of
/// what Python would see. Whoever looks into a text reads [`Str::plain`]; whoever only moves it on keeps the whole.
#[derive(Debug, Clone)]
pub struct Str(Arc<str>);

impl Str {
    /// A text as it comes from outside a template: nothing in it is a mark.
    pub fn plain_from(text: &str) -> Self {
        match marks::escape(text) {
            Cow::Borrowed(text) => Self(text.into()),
            Cow::Owned(text) => Self(text.into()),
        }
    }

    /// What a template wrote, marks included.
    pub(crate) fn marked_from(text: String) -> Self {
        if marks::has_marks(&text) && marks::strip(&text).is_empty() {
            return Self("".into());
        }
        Self(text.into())
    }

    /// The text as Python sees it.
    pub fn plain(&self) -> Cow<'_, str> {
        marks::strip(&self.0)
    }

    /// The text as Python sees it, shared.
    pub fn to_plain(&self) -> Arc<str> {
        match self.plain() {
            Cow::Borrowed(_) => self.0.clone(),
            Cow::Owned(text) => text.into(),
        }
    }

    /// The text with its marks.
    pub(crate) fn marked(&self) -> &str {
        &self.0
    }

    /// Whether Python sees no character. (A text of marks alone is never made.)
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A stretch of the text, with the marks that belong to it. `range` counts bytes of [`Str::plain`].
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        self.slices(&[range])
            .pop()
            .unwrap_or_else(|| Self::plain_from(""))
    }

    /// Stretches of the text, with the marks that belong to each. `ranges` count bytes of [`Str::plain`]; they are in order, and
    /// none reaches into the next.
    pub fn slices(&self, ranges: &[std::ops::Range<usize>]) -> Vec<Self> {
        let pieces = marks::slices(&self.0, ranges);
        pieces.into_iter().map(Self::marked_from).collect()
    }

    /// Both texts, one behind the other, with their marks.
    #[must_use]
    pub fn concat(&self, other: &Self) -> Self {
        let mut text = String::with_capacity(self.0.len() + other.0.len());
        text.push_str(&self.0);
        text.push_str(&other.0);
        Self(text.into())
    }

    /// Several texts with another between them, with their marks.
    #[must_use]
    pub fn join<'a>(&self, parts: impl IntoIterator<Item = &'a Str>) -> Self {
        let mut text = String::new();
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                text.push_str(&self.0);
            }
            text.push_str(&part.0);
        }
        Self::marked_from(text)
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.plain() == other.plain()
    }
}

impl Eq for Str {}
