//! Ephemeral models before the text that reads them (`dbt/compilation.py`, `inject_ctes_into_sql`, which leans on `sqlparse`).

mod sql;

use glueline_template::SourceMap;

use sql::scan;

/// The text with the ephemeral models in its first `with`, or in one of their own.
///
/// As dbt has it, only the first statement of the text is kept.
pub(super) fn inject(text: &str, map: &SourceMap, ctes: &[(&str, &SourceMap)]) -> (String, SourceMap) {
    let found = scan(text);
    let mut out = Writer::default();
    let end = found.end;
    match found.with {
        Some(at) => {
            out.part(text, map, 0, at);
            out.ctes(ctes);
            out.made(", ");
            out.part(text, map, at, end);
        }
        None => {
            out.part(text, map, 0, found.first);
            out.made("with");
            out.ctes(ctes);
            out.made(" ");
            out.part(text, map, found.first, end);
        }
    }
    (out.text, out.map)
}

/// Where the first statement of a text ends, which is all that is kept of it.
pub(super) fn end(text: &str) -> usize {
    scan(text).end
}

#[derive(Default)]
struct Writer {
    text: String,
    map: SourceMap,
}

impl Writer {
    fn part(&mut self, text: &str, map: &SourceMap, start: usize, end: usize) {
        self.map.append(self.text.len(), &map.slice(start, end));
        self.text.push_str(text.get(start..end).unwrap_or(""));
    }

    fn made(&mut self, text: &str) {
        self.map.append_unmapped(self.text.len());
        self.text.push_str(text);
    }

    fn ctes(&mut self, ctes: &[(&str, &SourceMap)]) {
        for (index, (text, map)) in ctes.iter().enumerate() {
            if index > 0 {
                self.made(", ");
            }
            self.map.append(self.text.len(), map);
            self.text.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctes_stand_where_sqlparse_puts_them() {
        let cte = " __dbt__cte__e as (\nselect 1\n)";
        for (text, expected) in [
            ("select 1", "with{} select 1"),
            ("\n\nselect 1", "\n\nwith{} select 1"),
            ("-- c\nselect 1", "with{} -- c\nselect 1"),
            (
                "with a as (select 1) select 2",
                "with {}, a as (select 1) select 2",
            ),
            (
                "-- with\nWITH\n a as (select 1) select 2",
                "-- with\nWITH\n {}, a as (select 1) select 2",
            ),
            (
                "with recursive a as (x) select 2",
                "with recursive {}, a as (x) select 2",
            ),
            ("(with a as (x) select 2)", "with{} (with a as (x) select 2)"),
            (
                "select 'with', `with`, \"with\" from x",
                "with{} select 'with', `with`, \"with\" from x",
            ),
            ("select 1; -- c\n select 2", "with{} select 1; -- c\n "),
            (
                "with -- c\n a as (x) select 1",
                "with {}, -- c\n a as (x) select 1",
            ),
        ] {
            let (made, _) = inject(text, &SourceMap::default(), &[(cte, &SourceMap::default())]);
            assert_eq!(made, expected.replace("{}", cte), "{text:?}");
        }
    }

    /// What dbt does to texts made up of what `sqlparse` tells apart; recorded with sqlparse 0.6.1.
    /// Parentheses that nothing closes are left out: there `sqlparse` sees no group.
    #[test]
    fn texts_are_split_as_sqlparse_splits_them() {
        let recorded: Vec<(String, String)> =
            serde_json::from_str(include_str!("../../tests/data/sqlparse.json")).unwrap();
        assert!(recorded.len() > 100);
        let mut wrong = Vec::new();
        for (text, expected) in recorded {
            let (made, _) = inject(&text, &SourceMap::default(), &[("{}", &SourceMap::default())]);
            if made != expected {
                wrong.push((text, expected, made));
            }
        }
        assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
    }
}
