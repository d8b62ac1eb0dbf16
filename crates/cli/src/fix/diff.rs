//! What fixes would change, as a unified difference that `patch` understands.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::Change;
use crate::report::clean;

/// Prints the difference of each file. On a terminal, what could steer it is made harmless; otherwise every byte
/// is as it is in the files.
pub(crate) fn diff(
    changes: &[Change],
    prefix: &str,
    for_terminal: bool,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    for change in changes {
        let prefix = if change.shown.is_absolute() { "" } else { prefix };
        let shown = format!("{prefix}{}", change.shown);
        let mut printer = Printer {
            out: &mut *out,
            for_terminal,
            color,
        };
        printer.print(&shown, &shown, &change.before, &change.after)?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Paint {
    Header,
    Hunk,
    Removed,
    Added,
    Same,
}

/// Prints unified differences.
pub(crate) struct Printer<'a> {
    /// Where to.
    pub(crate) out: &'a mut dyn Write,
    /// Whether what could steer a terminal is made harmless.
    pub(crate) for_terminal: bool,
    /// Whether colours are wanted.
    pub(crate) color: bool,
}

impl Printer<'_> {
    /// Prints the difference of two texts under their names.
    pub(crate) fn print(
        &mut self,
        old_name: &str,
        new_name: &str,
        before: &str,
        after: &str,
    ) -> io::Result<()> {
        self.line(Paint::Header, &format!("--- {old_name}\n"))?;
        self.line(Paint::Header, &format!("+++ {new_name}\n"))?;
        self.hunks(before, after)
    }

    fn hunks(&mut self, before: &str, after: &str) -> io::Result<()> {
        // Lines end with `\n` alone, as `patch` counts them: a lone `\r` is part of its line.
        let before: Vec<&str> = before.split_inclusive('\n').collect();
        let after: Vec<&str> = after.split_inclusive('\n').collect();
        let diff = TextDiff::from_slices(&before, &after);
        for hunk in diff.unified_diff().iter_hunks() {
            self.line(Paint::Hunk, &format!("{}\n", hunk.header()))?;
            for change in hunk.iter_changes() {
                let (sign, paint) = match change.tag() {
                    ChangeTag::Delete => ('-', Paint::Removed),
                    ChangeTag::Insert => ('+', Paint::Added),
                    ChangeTag::Equal => (' ', Paint::Same),
                };
                let value = change.value();
                self.line(paint, &format!("{sign}{value}"))?;
                if !value.ends_with('\n') {
                    self.out.write_all(b"\n\\ No newline at end of file\n")?;
                }
            }
        }
        Ok(())
    }

    /// Prints a line, coloured up to its end.
    fn line(&mut self, paint: Paint, text: &str) -> io::Result<()> {
        let (body, end) = match text.strip_suffix('\n') {
            Some(body) => (body, "\n"),
            None => (text, ""),
        };
        let (body, end) = match body.strip_suffix('\r') {
            Some(body) if !self.for_terminal => (body, format!("\r{end}")),
            Some(body) => (body, end.to_owned()),
            None => (body, end.to_owned()),
        };
        let body = if self.for_terminal {
            clean(body)
        } else {
            body.into()
        };
        let code = match paint {
            Paint::Header => "\x1b[1m",
            Paint::Hunk => "\x1b[36m",
            Paint::Removed => "\x1b[31m",
            Paint::Added => "\x1b[32m",
            Paint::Same => "",
        };
        if self.color && !code.is_empty() {
            write!(self.out, "{code}{body}\x1b[0m{end}")
        } else {
            write!(self.out, "{body}{end}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(before: &str, after: &str, for_terminal: bool, color: bool) -> String {
        let change = Change {
            path: "/p/a.sql".into(),
            shown: "a.sql".into(),
            before: before.into(),
            after: after.into(),
        };
        let mut out = Vec::new();
        diff(&[change], "shop/", for_terminal, color, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_difference_is_one_that_patch_reads() {
        let before = "1\n2\n3\n4\n5\r\n6\n7\u{1b}\n8";
        let after = "1\n2\n3\n4\n5\r\nsix\r\n7\u{1b}\n8\n";
        let want = "\
--- shop/a.sql
+++ shop/a.sql
@@ -3,6 +3,6 @@
 3
 4
 5\r
-6
+six\r
 7\u{1b}
-8
\\ No newline at end of file
+8
";
        assert_eq!(printed(before, after, false, false), want);
        let shown = printed(before, after, true, false);
        assert!(shown.contains("+six\n") && shown.contains(" 7␛\n"), "{shown:?}");
    }

    #[test]
    fn colours_stand_around_lines() {
        let text = printed("a\n", "b\r\n", false, true);
        assert!(
            text.ends_with("\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\r\n"),
            "{text:?}"
        );
    }
}
