//! Findings with their source, for people.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{Diagnostic as Shown, Label, LabelStyle, Severity as Level};
use codespan_reporting::files::Error;
use codespan_reporting::term::{Config, GeneralWriteResult, WriteStyle, emit_to_write_style};
use glueline_base::{Diagnostic, FileId, Safety, Severity};

use super::excerpt::{Excerpts, Wanted};
use super::{Locator, Report, clean};

/// How many related places are shown; the others are counted.
const RELATED: usize = 10;

/// Prints each finding with the lines it is about.
pub(super) fn write(report: &Report<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let locator = Locator::new(report.sources);
    let config = Config::default();
    for diagnostic in report.diagnostics {
        let (shown, excerpts) = arrange(report, &locator, diagnostic);
        let mut paint = Paint {
            out: &mut *out,
            color,
            severity: diagnostic.severity,
            word_is_next: false,
        };
        emit_to_write_style(&mut paint, &config, &excerpts, &shown).map_err(|error| match error {
            Error::Io(error) => error,
            other => io::Error::other(other.to_string()),
        })?;
    }
    Ok(())
}

/// The terminal's colour of a severity, as an escape sequence.
pub(super) const fn severity_color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\x1b[1;31m",
        Severity::Warning => "\x1b[1;33m",
        Severity::Info => "\x1b[1;34m",
        Severity::Hint => "\x1b[1;36m",
    }
}

fn arrange(report: &Report<'_>, locator: &Locator<'_>, diagnostic: &Diagnostic) -> (Shown<usize>, Excerpts) {
    let (headline, details) = diagnostic
        .message
        .split_once('\n')
        .unwrap_or((&diagnostic.message, ""));
    let mut shown =
        Shown::new(level(diagnostic.severity)).with_message(clean(headline.trim_end_matches('\r')));
    // What no rule says, as a fault met while compiling, has no page either.
    if !diagnostic.rule.is_empty() {
        shown.code = Some(diagnostic.rule.to_owned());
    }
    shown.notes.extend(
        details
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| clean(line).into_owned()),
    );

    // The finding's own place first, then the related ones; those of one file share an excerpt.
    let primary = (diagnostic.at, LabelStyle::Primary, "");
    let related = diagnostic.related.iter().take(RELATED);
    let places: Vec<_> = std::iter::once(primary)
        .chain(related.map(|related| (related.at, LabelStyle::Secondary, related.message.as_str())))
        .collect();
    let mut excerpts = Excerpts::default();
    for (at, ..) in &places {
        if excerpts.has(at.file) {
            continue;
        }
        let here: Vec<_> = places
            .iter()
            .filter(|(other, ..)| other.file == at.file)
            .collect();
        let wanted: Vec<Wanted> = here
            .iter()
            .map(|(at, ..)| Wanted {
                range: at.range,
                start: locator.span(*at).start,
            })
            .collect();
        let Some((id, ranges)) = excerpts.add(locator, at.file, &report.place(at.file), &wanted) else {
            continue;
        };
        for ((_, style, message), range) in here.iter().zip(ranges) {
            shown
                .labels
                .push(Label::new(*style, id, range).with_message(clean(message)));
        }
    }
    shown.notes.extend(notes(report, diagnostic));
    (shown, excerpts)
}

fn notes(report: &Report<'_>, diagnostic: &Diagnostic) -> impl Iterator<Item = String> {
    let more = diagnostic.related.len().saturating_sub(RELATED);
    let more = (more > 0).then(|| format!("and {more} more places"));
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let flags = match fix.safety {
            Safety::Safe => "--fix",
            Safety::Unsafe => "--fix --unsafe-fixes",
        };
        format!("fix: {} ({flags})", clean(&fix.title))
    });
    let known = |file: FileId| !report.path(file).is_empty();
    let nowhere = (!diagnostic.rule.is_empty() && !known(diagnostic.at.file))
        .then(|| "in no file that was read".to_owned());
    let node = diagnostic
        .node
        .as_ref()
        .map(|node| format!(", {}", clean(node)))
        .unwrap_or_default();
    let group = (!diagnostic.rule.is_empty()).then(|| {
        format!(
            "{}{node}: see `glueline explain {}`",
            diagnostic.group, diagnostic.rule
        )
    });
    [more, fix, nowhere, group].into_iter().flatten()
}

const fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Note,
        Severity::Hint => Level::Help,
    }
}

/// Colours what the renderer prints, and says `info` and `hint` where it would say `note` and `help`.
struct Paint<'a> {
    out: &'a mut dyn Write,
    color: bool,
    severity: Severity,
    word_is_next: bool,
}

impl Paint<'_> {
    fn code(&mut self, code: &str) -> io::Result<()> {
        if self.color {
            self.out.write_all(code.as_bytes())?;
        }
        Ok(())
    }
}

impl Write for Paint<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The first thing after `set_header` is the renderer's own word for the severity, in one piece.
        if std::mem::take(&mut self.word_is_next) {
            self.out.write_all(self.severity.name().as_bytes())?;
            return Ok(bytes.len());
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl WriteStyle for Paint<'_> {
    fn set_header(&mut self, _: Level) -> GeneralWriteResult {
        self.code(severity_color(self.severity))?;
        self.word_is_next = true;
        Ok(())
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        self.code("\x1b[0;1m")
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        self.code("\x1b[34m")
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        self.code("\x1b[34m")
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        self.code("\x1b[34m")
    }

    fn set_label(&mut self, _: Level, style: LabelStyle) -> GeneralWriteResult {
        match style {
            LabelStyle::Primary => self.code(severity_color(self.severity)),
            LabelStyle::Secondary => self.code("\x1b[34m"),
        }
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.code("\x1b[0m")
    }
}

#[cfg(test)]
mod tests {
    use glueline_base::{FileRange, Source, range};

    use super::super::testing::{META, printed, printed_empty, sample};
    use super::super::{Format, write};
    use super::*;

    fn rendered(sources: &[Source], found: &[Diagnostic], color: bool) -> String {
        let sample = sample();
        let mut report = sample.report();
        (report.sources, report.diagnostics) = (sources, found);
        let mut out = Vec::new();
        write(&report, Format::Full, color, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn at(file: u32, start: usize, end: usize) -> FileRange {
        FileRange {
            file: FileId(file),
            range: range(start, end),
        }
    }

    #[test]
    fn findings_are_shown_with_their_lines() {
        let want = "\
warning[version-is-a-number]: `1.0` is a number here; quote it to keep it a version.
  ┌─ dbt_project.yml:2:10
  │
2 │ version: 1.0
  │          ^^^
  │
  = fix: Quote `1.0` (--fix)
  = ineffective: see `glueline explain version-is-a-number`

error[merge-without-unique-key]: `merge` needs `unique_key`, dbt-glue refuses the model.
  ┌─ models/orders.sql:2:23
  │
2 │     incremental_strategy='merge') }}
  │                          ^^^^^^^
  │
  ┌─ dbt_project.yml:1:1
  │
1 │ name: shop
  │ ---------- the project is named here
  │
  = fix: Use `append` (--fix --unsafe-fixes)
  = fails, model.shop.orders: see `glueline explain merge-without-unique-key`

hint[version-is-a-number]: Odd: 100% <\"odd\">
  ┌─ models/sub dir/odd%,:.sql:1:13
  │
1 │ select 1 -- ␛[31m & <b>
  │             ^^^^^^^^^^^
  │
  = and ␛[31mred & 'quoted'.
  = ineffective: see `glueline explain version-is-a-number`

";
        assert_eq!(printed(Format::Full), want);
        assert_eq!(printed_empty(Format::Full), "");
    }

    #[test]
    fn places_of_one_file_share_an_excerpt() {
        let text = "one\ntwo\nthree\nfour\nfive\nsix\n";
        let sources = [Source::decode("a.yml".into(), text.as_bytes().to_vec())];
        let found = [Diagnostic::new(&META[2], at(0, 14, 18), "Four.")
            .related(at(0, 4, 7), "two before")
            .related(at(0, 24, 27), "and six after")];
        let want = "\
hint[never-seen]: Four.
  ┌─ a.yml:4:1
  │
2 │ two
  │ --- two before
3 │ three
4 │ four
  │ ^^^^
5 │ five
6 │ six
  │ --- and six after
  │
  = project: see `glueline explain never-seen`

";
        assert_eq!(rendered(&sources, &found, false), want);
    }

    #[test]
    fn wide_characters_and_the_end_of_a_file_are_underlined() {
        let sources = [Source::decode(
            "a.sql".into(),
            "\tselect '世界', x\r\n".as_bytes().to_vec(),
        )];
        let found = [
            Diagnostic::new(&META[0], at(0, 18, 19), "X."),
            Diagnostic::new(&META[0], at(0, 21, 21), "End."),
        ];
        let text = rendered(&sources, &found, false);
        let carets: Vec<_> = text.lines().filter(|line| line.contains('^')).collect();
        assert_eq!(carets, ["  │                    ^", "  │ ^"], "{text}");
        assert!(
            text.contains("a.sql:1:15\n") && text.contains("a.sql:2:1\n"),
            "{text}"
        );
    }

    #[test]
    fn colours_enclose_what_they_colour() {
        let sources = [Source::decode("a.sql".into(), b"x".to_vec())];
        let found = [Diagnostic::new(&META[2], at(0, 0, 1), "X.")];
        let text = rendered(&sources, &found, true);
        assert!(
            text.starts_with("\x1b[1;36mhint[never-seen]\x1b[0;1m: X.\x1b[0m\n"),
            "{text:?}"
        );
        let mut plain = text;
        for code in ["\x1b[1;36m", "\x1b[0;1m", "\x1b[34m", "\x1b[0m"] {
            plain = plain.replace(code, "");
        }
        assert_eq!(plain, rendered(&sources, &found, false));
    }

    #[test]
    fn too_many_related_places_are_counted() {
        let sources = [Source::decode("a.sql".into(), b"x".to_vec())];
        let mut finding = Diagnostic::new(&META[2], at(0, 0, 1), "X.");
        for _ in 0..RELATED + 3 {
            finding = finding.related(at(0, 0, 1), "again");
        }
        let text = rendered(&sources, &[finding], false);
        assert_eq!(text.matches("again").count(), RELATED);
        assert!(text.contains("= and 3 more places\n"), "{text}");
    }

    /// Every range over every prefix of an awkward text is shown, on character boundaries, or this panics.
    #[test]
    fn no_text_and_no_range_is_too_awkward() {
        let text = "\u{FEFF}é\r\n\t世😀\u{1b}\0\n\r\n{{ x\u{202E}\u{301}";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let sources = [Source::decode("a.sql".into(), text.as_bytes()[..end].to_vec())];
            let mut found = Vec::new();
            for from in 0..=end + 1 {
                for to in from..=end + 2 {
                    found.push(Diagnostic::new(&META[0], at(0, from, to), "m").related(at(0, to, to), "r"));
                }
            }
            let shown = rendered(&sources, &found, false);
            assert!(!shown.contains(['\u{1b}', '\r', '\0', '\u{202E}']), "{shown:?}");
            assert_eq!(
                shown.matches("merge-without-unique-key]: m\n").count(),
                found.len()
            );
        }
    }
}
