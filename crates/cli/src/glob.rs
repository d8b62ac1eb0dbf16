//! Patterns for paths in `glueline.toml`.

use glueline_base::Utf8Path;

/// A pattern in the manner of `.gitignore`.
///
/// `*` stands for any characters of a name, `?` for one, `**` for any number of directories. A pattern without a
/// `/` inside fits a name at any depth; any other starts at the project directory. What fits a directory fits
/// all that lies below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    segments: Vec<String>,
}

impl Glob {
    /// Reads a pattern. There is none that cannot be read; an empty one fits nothing.
    pub(crate) fn new(pattern: &str) -> Self {
        let trimmed = pattern.trim_end_matches('/');
        let anchored = trimmed.contains('/');
        let names = trimmed.split('/').filter(|name| !name.is_empty() && *name != ".");
        let mut segments: Vec<String> = names.map(str::to_owned).collect();
        if !anchored && !segments.is_empty() {
            segments.insert(0, "**".to_owned());
        }
        Self { segments }
    }

    /// Whether the pattern fits a path relative to the project, or a directory above it.
    pub(crate) fn fits(&self, path: &Utf8Path) -> bool {
        if self.segments.is_empty() {
            return false;
        }
        let names: Vec<&str> = path.components().map(|component| component.as_str()).collect();
        (1..=names.len()).any(|depth| {
            let head = names.get(..depth).unwrap_or_default();
            fit(
                &self.segments,
                head,
                |segment| segment == "**",
                |segment, name| name_fits(segment, name),
            )
        })
    }
}

fn name_fits(segment: &str, name: &str) -> bool {
    let segment: Vec<char> = segment.chars().collect();
    let name: Vec<char> = name.chars().collect();
    fit(
        &segment,
        &name,
        |c| *c == '*',
        |pattern, c| *pattern == '?' || pattern == c,
    )
}

/// Matches a list with stars in it against a list without. Only the last star is ever tried again, so that the
/// work is at most the product of the lengths.
fn fit<P, T>(pattern: &[P], text: &[T], is_star: impl Fn(&P) -> bool, same: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(item) = text.get(t) {
        match pattern.get(p) {
            Some(star) if is_star(star) => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(one) if same(one, item) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after_star, taken)) = retry else {
                    return false;
                };
                retry = Some((after_star, taken + 1));
                (p, t) = (after_star, taken + 1);
            }
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(is_star))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_gitignore() {
        for (pattern, path, want) in [
            ("models/legacy", "models/legacy/a.sql", true),
            ("models/legacy/", "models/legacy/deep/a.sql", true),
            ("models/legacy", "models/legacy.sql", false),
            ("legacy", "models/legacy/a.sql", true),
            ("legacy", "models/not_legacy/a.sql", false),
            ("*.yml", "models/a.yml", true),
            ("*.yml", "models/a.yaml", false),
            ("/models/*.sql", "models/a.sql", true),
            ("models/*.sql", "models/deep/a.sql", false),
            ("models/**/a.sql", "models/a.sql", true),
            ("models/**/a.sql", "models/x/y/a.sql", true),
            ("**/stg_*.sql", "models/x/stg_a.sql", true),
            ("models/**", "models/a.sql", true),
            ("models/**", "macros/a.sql", false),
            ("a?.sql", "aé.sql", true),
            ("a?.sql", "a.sql", false),
            ("./models/a.sql", "models/a.sql", true),
            ("*", "anything/at/all", true),
            ("", "a.sql", false),
            ("/", "a.sql", false),
            ("[a].sql", "a.sql", false),
        ] {
            assert_eq!(Glob::new(pattern).fits(path.into()), want, "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_are_no_trap() {
        let pattern = Glob::new(&format!("{}b", "*a".repeat(200)));
        assert!(!pattern.fits("a".repeat(2000).as_str().into()));
        let pattern = Glob::new(&format!("{}b", "**/a/".repeat(200)));
        assert!(!pattern.fits("a/".repeat(2000).as_str().into()));
    }
}
