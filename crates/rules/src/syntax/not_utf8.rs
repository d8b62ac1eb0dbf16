//! `not-utf8`.

use glueline_base::Diagnostic;

use crate::context::FileCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule =
    rule!("not-utf8", Fails, Error, "not_utf8.md", Check::File(check), Parse: "ParsingError");

fn check(cx: &FileCx<'_>, sink: &mut Sink) {
    let Some(range) = cx.project.files().source(cx.file).not_utf8 else {
        return;
    };
    let message = "This byte is not UTF-8, the only encoding that dbt reads: every command stops with \
                   `UnicodeDecodeError`, which does not name the file. Save the file as UTF-8.";
    sink.push(Diagnostic::new(&RULE.meta, cx.at(range), message));
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;
    use glueline_project::{LoadOptions, load};

    use super::*;

    #[test]
    fn the_first_byte_that_is_not_utf8_is_named() {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nprofile: shop\n");
        system.write("p/models/a.sql", b"select 'caf\xe9' as x".as_slice());
        system.write("p/models/b.sql", "select 'café' as x");
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        let mut found = Vec::new();
        for file in project.files().ids() {
            let mut sink = Sink::default();
            check(
                &FileCx {
                    project: &project,
                    file,
                },
                &mut sink,
            );
            found.extend(sink.take());
        }
        let places: Vec<_> = found
            .iter()
            .map(|diagnostic| {
                let source = project.files().source(diagnostic.at.file);
                (source.path.as_str(), u32::from(diagnostic.at.range.start()))
            })
            .collect();
        assert_eq!(places, [("models/a.sql", 11)]);
    }
}
