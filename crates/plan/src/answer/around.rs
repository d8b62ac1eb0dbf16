//! A place of a statement that is not in compiled code: a hook's, mostly. The same words stand where it is written.

use glueline_base::{FileId, FileRange, range};

use super::names::length_at;

/// The fewest characters, blanks aside, and the fewest words that are enough to tell a place by.
const ENOUGH: (usize, usize) = (12, 3);

/// Finds what stands at an offset of a statement in files, by as much of its line as stands there in the same words, once.
pub(super) fn by_words<'t>(
    statement: &str,
    offset: usize,
    files: impl Iterator<Item = (FileId, &'t str)>,
) -> Option<FileRange> {
    let line_start = statement.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let line_end = statement
        .get(offset..)?
        .find('\n')
        .map_or(statement.len(), |at| offset + at);
    let length = length_at(statement, offset);
    for (file, text) in files {
        let stretch = |start: usize, end: usize| statement.get(start..end).filter(|part| text.contains(part));
        let (mut start, mut end) = (offset, offset + length);
        stretch(start, end)?;
        while start > line_start
            && let Some(before) = statement
                .get(..start)
                .and_then(|text| text.char_indices().next_back())
            && stretch(before.0, end).is_some()
        {
            start = before.0;
        }
        while end < line_end
            && let Some(next) = statement.get(end..).and_then(|text| text.chars().next())
            && stretch(start, end + next.len_utf8()).is_some()
        {
            end += next.len_utf8();
        }
        let words = statement.get(start..end)?;
        let characters = words.chars().filter(|c| !c.is_whitespace()).count();
        if characters < ENOUGH.0 || words.split_whitespace().count() < ENOUGH.1 {
            continue;
        }
        let mut places = text.match_indices(words).map(|(at, _)| at);
        if let (Some(at), None) = (places.next(), places.next()) {
            let at = at + offset - start;
            return Some(FileRange {
                file,
                range: range(at, at + length),
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_are_written() {
        let statement = "/* c */\n  delete from a.t where amount is nul\n";
        let file = FileId(3);
        let found = |text: &str| {
            by_words(
                statement,
                statement.find("is").unwrap(),
                std::iter::once((file, text)),
            )
        };
        let text = "{{ config(post_hook=\"delete from {{ this }} where amount is nul\") }}";
        let at = text.find("is nul").unwrap();
        let place = FileRange {
            file,
            range: range(at, at + 2),
        };
        assert_eq!(found(text), Some(place));
        assert_eq!(found(&text.repeat(2)), None);
        assert_eq!(found("select x as y where it is"), None);
        assert_eq!(found(""), None);
    }
}
