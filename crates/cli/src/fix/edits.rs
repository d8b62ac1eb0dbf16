//! Choosing fixes that can be applied together, and applying them to texts.

use std::collections::{BTreeMap, BTreeSet};

use glueline_base::{Edit, Fix, Source, TextRange, TextSize};

use super::{Permission, fixable};
use crate::engine::Analysis;

const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The fixes to apply at once, in the order of their findings. Where two are in each other's way the first one
/// is taken; the other gets its turn when the project has been analysed anew. All edits of a fix are possible,
/// or it is not taken.
pub(super) fn choose<'a>(analysis: &'a Analysis, permission: Permission<'_>) -> Vec<&'a Fix> {
    let mut allowed: Vec<Option<bool>> = vec![None; analysis.sources.len()];
    let mut taken: Vec<Taken> = vec![Taken::default(); analysis.sources.len()];
    let mut chosen = Vec::new();
    for diagnostic in fixable(&analysis.diagnostics, permission.unsafe_fixes) {
        let Some(fix) = &diagnostic.fix else { continue };
        let possible = fix.edits.iter().enumerate().all(|(number, edit)| {
            let at = index(edit);
            let (Some(source), Some(allowed), Some(taken)) =
                (analysis.sources.get(at), allowed.get_mut(at), taken.get(at))
            else {
                return false;
            };
            *allowed.get_or_insert_with(|| source.not_utf8.is_none() && (permission.may_change)(source))
                && source.text.get(bytes(edit.at.range)).is_some()
                && !taken.is_in_the_way_of(edit.at.range)
                && !fix
                    .edits
                    .iter()
                    .skip(number + 1)
                    .any(|other| other.at.file == edit.at.file && overlap(other.at.range, edit.at.range))
        });
        if !possible || fix.edits.is_empty() {
            continue;
        }
        for edit in &fix.edits {
            if let Some(taken) = taken.get_mut(index(edit)) {
                taken.insert(edit.at.range);
            }
        }
        chosen.push(fix);
    }
    chosen
}

/// The ranges of one file that chosen fixes edit. They do not overlap, so that only neighbours are looked at.
#[derive(Debug, Clone, Default)]
struct Taken {
    ranges: BTreeSet<(TextSize, TextSize)>,
}

impl Taken {
    fn insert(&mut self, range: TextRange) {
        self.ranges.insert((range.start(), range.end()));
    }

    fn is_in_the_way_of(&self, range: TextRange) -> bool {
        let last = TextSize::new(u32::MAX);
        let before = self.ranges.range(..(range.start(), TextSize::new(0))).next_back();
        let others = self
            .ranges
            .range((range.start(), TextSize::new(0))..=(range.end(), last));
        before
            .into_iter()
            .chain(others)
            .any(|(start, end)| in_the_way(TextRange::new(*start, *end), range))
    }
}

/// The new text of every file that the fixes change, by the number of the file.
pub(super) fn apply(sources: &[Source], fixes: &[&Fix]) -> BTreeMap<usize, String> {
    let mut edits: BTreeMap<usize, Vec<&Edit>> = BTreeMap::new();
    for edit in fixes.iter().flat_map(|fix| &fix.edits) {
        edits.entry(index(edit)).or_default().push(edit);
    }
    edits
        .into_iter()
        .filter_map(|(at, edits)| {
            let source = sources.get(at)?;
            let after = edited(&source.text, edits)?;
            (after != *source.text).then_some((at, after))
        })
        .collect()
}

/// The text with the edits applied, or nothing if one of them does not fit. A byte order mark stays where it is,
/// and new lines end as the lines of the text do.
fn edited(text: &str, mut edits: Vec<&Edit>) -> Option<String> {
    // Stable: insertions at one place stay in the order in which the fix names them.
    edits.sort_by_key(|edit| (edit.at.range.start(), edit.at.range.end()));
    let first = if text.starts_with(BYTE_ORDER_MARK) {
        BYTE_ORDER_MARK.len()
    } else {
        0
    };
    let windows = ends_lines_with_crlf(text);
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        let range = bytes(edit.at.range);
        let (start, end) = (range.start.max(first), range.end.max(first));
        out.push_str(text.get(copied..start)?);
        if windows {
            out.push_str(&edit.text.replace("\r\n", "\n").replace('\n', "\r\n"));
        } else {
            out.push_str(&edit.text);
        }
        copied = end;
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

fn ends_lines_with_crlf(text: &str) -> bool {
    let all = text.matches('\n').count();
    let windows = text.matches("\r\n").count();
    windows * 2 > all
}

/// Whether two ranges of different fixes cannot be edited at once. An insertion at the edge of another edit is
/// put off too: whether it belongs before or after cannot be told.
fn in_the_way(a: TextRange, b: TextRange) -> bool {
    if a.is_empty() || b.is_empty() {
        return a.start() <= b.end() && b.start() <= a.end();
    }
    overlap(a, b)
}

fn overlap(a: TextRange, b: TextRange) -> bool {
    a.start() < b.end() && b.start() < a.end()
}

fn index(edit: &Edit) -> usize {
    usize::try_from(edit.at.file.0).unwrap_or(usize::MAX)
}

fn bytes(range: TextRange) -> std::ops::Range<usize> {
    range.start().into()..range.end().into()
}

#[cfg(test)]
mod tests {
    use glueline_base::{Diagnostic, FileId, FileRange, Group, RuleMeta, Severity, range};

    use super::*;

    const RULE: RuleMeta = RuleMeta {
        id: "a-rule",
        group: Group::Fails,
        severity: Severity::Error,
        summary: "",
        page: "",
        since: "",
        stop: None,
    };

    /// A fix as a list of (file, start, end, text).
    type Edits<'a> = &'a [(u32, usize, usize, &'a str)];

    fn fixed(texts: &[&str], fixes: &[(bool, Edits<'_>)], unsafe_fixes: bool) -> (usize, Vec<String>) {
        let sources: Vec<Source> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Source::decode(format!("{at}.sql").into(), text.as_bytes().to_vec()))
            .collect();
        let diagnostics = fixes
            .iter()
            .map(|(safe, edits)| {
                let fix = if *safe {
                    Fix::safe("")
                } else {
                    Fix::needs_consent("")
                };
                let fix = edits.iter().fold(fix, |fix, (file, start, end, text)| {
                    let at = FileRange {
                        file: FileId(*file),
                        range: range(*start, *end),
                    };
                    fix.replace(at, *text)
                });
                let at = FileRange {
                    file: FileId(0),
                    range: range(0, 0),
                };
                Diagnostic::new(&RULE, at, "").fix(fix)
            })
            .collect();
        let analysis = Analysis {
            sources,
            diagnostics,
            ..Analysis::default()
        };
        let permission = Permission {
            unsafe_fixes,
            may_change: &|source| source.path != "9.sql",
        };
        let chosen = choose(&analysis, permission);
        let mut after: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        for (at, text) in apply(&analysis.sources, &chosen) {
            after[at] = text;
        }
        (chosen.len(), after)
    }

    #[test]
    fn fixes_that_do_not_meet_are_applied_together() {
        for (text, fixes, want) in [
            (
                "abcdef",
                &[(true, &[(0, 0, 1, "X")][..]), (true, &[(0, 5, 6, "Y")])][..],
                (2, "XbcdeY"),
            ),
            // Side by side is not in the way, unless one of them only inserts.
            (
                "abcdef",
                &[(true, &[(0, 0, 2, "X")]), (true, &[(0, 2, 4, "Y")])],
                (2, "XYef"),
            ),
            (
                "abcdef",
                &[(true, &[(0, 0, 2, "X")]), (true, &[(0, 2, 2, "Y")])],
                (1, "Xcdef"),
            ),
            (
                "abcdef",
                &[(true, &[(0, 2, 2, "X")]), (true, &[(0, 2, 2, "Y")])],
                (1, "abXcdef"),
            ),
            (
                "abcdef",
                &[(true, &[(0, 0, 3, "X")]), (true, &[(0, 2, 4, "Y")])],
                (1, "Xdef"),
            ),
            // The edits of one fix may touch, and stay in order.
            (
                "abcdef",
                &[(true, &[(0, 2, 2, "X"), (0, 2, 2, "Y"), (0, 2, 3, "")])],
                (1, "abXYdef"),
            ),
            // All or nothing.
            (
                "abcdef",
                &[(true, &[(0, 0, 1, "X"), (0, 5, 9, "Y")])],
                (0, "abcdef"),
            ),
            (
                "abcdef",
                &[(true, &[(0, 0, 3, "X"), (0, 2, 4, "Y")])],
                (0, "abcdef"),
            ),
            ("aéf", &[(true, &[(0, 0, 2, "X")])], (0, "aéf")),
            ("abc", &[(true, &[(7, 0, 0, "X")])], (0, "abc")),
            ("abc", &[(true, &[])], (0, "abc")),
            // A fix that comes third may be possible though the second was not.
            (
                "abcdef",
                &[
                    (true, &[(0, 0, 3, "X")]),
                    (true, &[(0, 1, 2, ""), (0, 4, 5, "")]),
                    (true, &[(0, 4, 5, "Z")]),
                ],
                (2, "XdZf"),
            ),
        ] {
            let (count, after) = fixed(&[text], fixes, false);
            assert_eq!((count, after[0].as_str()), want, "{fixes:?}");
        }
    }

    #[test]
    fn a_fix_over_two_files_is_applied_to_both_or_none() {
        let both: Edits<'_> = &[(0, 0, 1, "X"), (1, 0, 1, "Y")];
        assert_eq!(
            fixed(&["a", "b"], &[(true, both)], false),
            (1, vec!["X".into(), "Y".into()])
        );
        let first = (true, &[(1, 0, 1, "Z")][..]);
        assert_eq!(
            fixed(&["a", "b"], &[first, (true, both)], false),
            (1, vec!["a".into(), "Z".into()])
        );
        let texts = ["a"; 10];
        let forbidden: Edits<'_> = &[(0, 0, 1, "X"), (9, 0, 1, "Y")];
        assert_eq!(fixed(&texts, &[(true, forbidden)], false).0, 0);
    }

    #[test]
    fn consent_is_needed_where_it_is_asked_for() {
        let fixes: &[(bool, Edits<'_>)] = &[(false, &[(0, 0, 1, "X")])];
        assert_eq!(fixed(&["a"], fixes, false), (0, vec!["a".into()]));
        assert_eq!(fixed(&["a"], fixes, true), (1, vec!["X".into()]));
    }

    #[test]
    fn byte_order_mark_and_line_ends_are_kept() {
        for (text, edit, want) in [
            ("\u{FEFF}a", (0, 0, 0, "X\n"), "\u{FEFF}X\na"),
            ("\u{FEFF}a", (0, 0, 4, "X"), "\u{FEFF}X"),
            ("\u{FEFF}a", (0, 3, 3, "X"), "\u{FEFF}Xa"),
            ("a\r\nb\r\n", (0, 3, 3, "X\nY\r\n"), "a\r\nX\r\nY\r\nb\r\n"),
            ("a\nb\r\nc\n", (0, 2, 2, "X\n"), "a\nX\nb\r\nc\n"),
            ("a", (0, 1, 1, "\n"), "a\n"),
        ] {
            assert_eq!(fixed(&[text], &[(true, &[edit])], false).1, [want], "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_left_alone() {
        let analysis = Analysis {
            sources: vec![Source::decode("a.sql".into(), b"caf\xe9".to_vec())],
            ..Analysis::default()
        };
        let at = FileRange {
            file: FileId(0),
            range: range(0, 1),
        };
        let found = Diagnostic::new(&RULE, at, "").fix(Fix::safe("").replace(at, "X"));
        let analysis = Analysis {
            diagnostics: vec![found],
            ..analysis
        };
        let permission = Permission {
            unsafe_fixes: true,
            may_change: &|_| true,
        };
        assert!(choose(&analysis, permission).is_empty());
    }

    /// Every pair of edits over an awkward text: what is applied is a text again, and no mark is lost.
    #[test]
    fn no_pair_of_edits_breaks_a_text() {
        let text = "\u{FEFF}é\r\nb";
        let ends = 0..=text.len() + 1;
        let ranges: Vec<_> = ends
            .clone()
            .flat_map(|a| ends.clone().map(move |b| (a, b)))
            .collect();
        for (a, b) in ranges.iter().filter(|(a, b)| a <= b) {
            for (c, d) in ranges.iter().filter(|(c, d)| c <= d) {
                let one: Edits<'_> = &[(0, *a, *b, "1")];
                let two: Edits<'_> = &[(0, *c, *d, "2\n")];
                for fixes in [&[(true, one), (true, two)][..], &[(true, &[one, two].concat())]] {
                    let (_, after) = fixed(&[text], fixes, false);
                    assert!(after[0].starts_with('\u{FEFF}'), "{fixes:?}: {:?}", after[0]);
                }
            }
        }
    }
}
