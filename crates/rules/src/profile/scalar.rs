//! A text value of an output, and where its parts stand in the file.

use std::ops::Range;

use glueline_base::{FileRange, MapEntry, range, slice};

use crate::context::TargetCx;

/// A text of an output, with the bytes it was written with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scalar<'a> {
    /// The text as dbt reads it: Jinja rendered, lines folded.
    pub(crate) text: &'a str,
    at: FileRange,
    source: &'a str,
}

impl<'a> Scalar<'a> {
    /// The text under a key; `None` where it is not there, no text or not known.
    pub(crate) fn of(cx: &TargetCx<'a>, key: &str) -> Option<Self> {
        Self::new(cx, cx.target.entry(key)?)
    }

    /// The text under a key before Jinja is rendered.
    pub(crate) fn raw(cx: &TargetCx<'a>, key: &str) -> Option<Self> {
        Self::new(cx, cx.target.raw.value.entry(key)?)
    }

    fn new(cx: &TargetCx<'a>, entry: &'a MapEntry) -> Option<Self> {
        let at = FileRange {
            file: cx.target.file,
            range: entry.value.range,
        };
        let file = cx.project.files().text(cx.target.file);
        Some(Self {
            text: entry.value.value.as_str()?,
            at,
            source: slice(file, at.range),
        })
    }

    /// The whole value.
    pub(crate) const fn at(&self) -> FileRange {
        self.at
    }

    /// Where a part of the text stands: exact where it is written there as it is read, else the whole value.
    pub(crate) fn place(&self, part: Range<usize>) -> FileRange {
        self.exact(part).unwrap_or(self.at)
    }

    /// Where a part of the text stands, if it is written there letter by letter.
    pub(crate) fn exact(&self, part: Range<usize>) -> Option<FileRange> {
        if part.is_empty() {
            return None;
        }
        let found = match self.plain_start() {
            Some(start) => start + part.start..start + part.end,
            None => self.by_words(&part)?,
        };
        let from = usize::from(self.at.range.start());
        Some(FileRange {
            file: self.at.file,
            range: range(from + found.start, from + found.end),
        })
    }

    /// Where the text starts in the source, if it stands there in one piece, with or without quotes.
    fn plain_start(&self) -> Option<usize> {
        if self.source == self.text {
            return Some(0);
        }
        let inner = self.source.get(1..self.source.len().checked_sub(1)?)?;
        (inner == self.text && self.source.starts_with(['"', '\''])).then_some(1)
    }

    /// A text over several lines stands there word by word; a word made by Jinja or an escape does not.
    fn by_words(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let mut written = words(self.source);
        let mut start = None;
        for (at, word) in words(self.text) {
            if at + word.len() <= part.start {
                skip_to(&mut written, word);
                continue;
            }
            if at >= part.end {
                break;
            }
            let (place, _) = skip_to(&mut written, word)?;
            start = start.or((at <= part.start).then(|| place + (part.start - at)));
            if part.end <= at + word.len() {
                return Some(start?..place + (part.end - at));
            }
        }
        None
    }
}

/// Moves to the next word that is written like this; stays where none is.
fn skip_to<'a>(
    written: &mut (impl Iterator<Item = (usize, &'a str)> + Clone),
    word: &str,
) -> Option<(usize, &'a str)> {
    let mut ahead = written.clone();
    let found = ahead.find(|(_, candidate)| *candidate == word)?;
    *written = ahead;
    Some(found)
}

/// The words of a text with where each starts. A quote at either end of the whole is no part of a word.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    let quoted = text.len() >= 2 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']);
    let (from, inner) = if quoted {
        (1, text.get(1..text.len() - 1).unwrap_or_default())
    } else {
        (0, text)
    };
    let mut at = 0;
    inner.split_whitespace().map(move |word| {
        let start = inner
            .get(at..)
            .and_then(|rest| rest.find(word))
            .map_or(at, |found| at + found);
        at = start + word.len();
        (from + start, word)
    })
}

#[cfg(test)]
mod tests {
    use glueline_base::FileId;

    use super::*;

    fn scalar<'a>(source: &'a str, text: &'a str) -> Scalar<'a> {
        Scalar {
            text,
            at: FileRange {
                file: FileId(0),
                range: range(0, source.len()),
            },
            source,
        }
    }

    /// The source of each word and of the pair of the last two words.
    fn shown<'a>(source: &'a str, text: &str, part: &str) -> Option<&'a str> {
        let start = text.find(part).unwrap();
        let found = scalar(source, text).exact(start..start + part.len())?;
        Some(slice(source, found.range))
    }

    #[test]
    fn parts_stand_where_they_are_written() {
        for (source, text, part, expected) in [
            ("a=1", "a=1", "1", Some("1")),
            ("\"a=1, b=2\"", "a=1, b=2", " b", Some(" b")),
            ("'a=1'", "a=1", "a", Some("a")),
            (">-\n  a=1\n  --conf bb=2", "a=1 --conf bb=2", "bb", Some("bb")),
            (
                ">-\n  a=1\n  --conf bb=2",
                "a=1 --conf bb=2",
                "a=1 --conf",
                Some("a=1\n  --conf"),
            ),
            ("\"a\\tb c\"", "a\tb c", "c", Some("c")),
            ("\"a\\tb c\"", "a\tb c", "b", None),
            ("\"{{ env_var('B', 'x') }}/y z\"", "x/y z", "x", None),
            ("\"{{ env_var('B', 'x') }}/y z\"", "x/y z", "z", Some("z")),
            ("é=1\n  ü=2", "é=1 ü=2", "ü", Some("ü")),
        ] {
            assert_eq!(shown(source, text, part), expected, "{source:?} {part:?}");
        }
    }

    #[test]
    fn no_part_leaves_the_text() {
        let text = "spark.a=1 --conf spark.é=2 --conf  spark.c='3 4'";
        let sources = [
            text.to_owned(),
            format!("\"{text}\""),
            text.replace(' ', "\n    "),
            format!("{{{{ x }}}} {text}"),
            String::new(),
            "\"".to_owned(),
        ];
        for source in &sources {
            let scalar = scalar(source, text);
            for start in 0..text.len() {
                for end in start..=text.len() {
                    let place = scalar.place(start..end).range;
                    let (start, end) = (usize::from(place.start()), usize::from(place.end()));
                    assert!(end <= source.len() && start <= end, "{source:?}");
                }
            }
        }
    }
}
