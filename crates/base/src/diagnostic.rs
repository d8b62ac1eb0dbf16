//! What a rule has to say, where, and how it is mended.

use std::fmt;

use crate::{FileRange, TextRange};

/// What a diagnostic is about; see the rule book for what each group promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// dbt, dbt-glue or the session will refuse this node, this profile or this project.
    Fails,
    /// Spark's parser or analyzer will refuse the rendered SQL, or reads it otherwise than it looks.
    Sql,
    /// The run succeeds and data is lost, duplicated, misplaced or silently wrong.
    Data,
    /// Money or time is wasted: sessions, storage, rewrites.
    Cost,
    /// Lake Formation, IAM, grants: too little, or more than it looks.
    Access,
    /// A key or value that nothing reads, or that means something else.
    Ineffective,
    /// The dbt project itself: deprecated, dead, undocumented, inconsistent.
    Project,
}

impl Group {
    /// Every group, in the order of the manual.
    pub const ALL: [Self; 7] = [
        Self::Fails,
        Self::Sql,
        Self::Data,
        Self::Cost,
        Self::Access,
        Self::Ineffective,
        Self::Project,
    ];

    /// The name used in JSON and settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Sql => "sql",
            Self::Data => "data",
            Self::Cost => "cost",
            Self::Access => "access",
            Self::Ineffective => "ineffective",
            Self::Project => "project",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How sure and how bad. Sorts from the quietest to the loudest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Style or doubt.
    Hint,
    /// Worth knowing.
    Info,
    /// Probable loss, cost or surprise.
    Warning,
    /// dbt or Glue will fail, or data will be lost.
    Error,
}

impl Severity {
    /// Every severity, loudest first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Hint];

    /// The name used in JSON and settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Hint => "hint",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a fix may be applied unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Keeps what the project does, or does what was plainly meant.
    Safe,
    /// Changes what the project does; a person has to agree.
    Unsafe,
}

impl Safety {
    /// The name used in JSON and settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A replacement of a range by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub at: FileRange,
    /// The new text.
    pub text: String,
}

/// A way to mend what a diagnostic reports. Its edits do not overlap and are applied together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What applying it does, as an imperative: ``Quote `4.0` ``.
    pub title: String,
    /// Whether it may be applied unasked.
    pub safety: Safety,
    /// The replacements.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that may be applied unasked.
    pub fn safe(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Safe,
            edits: Vec::new(),
        }
    }

    /// A fix that a person has to agree to.
    pub fn needs_consent(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            safety: Safety::Unsafe,
            edits: Vec::new(),
        }
    }

    /// Adds a replacement.
    #[must_use]
    pub fn replace(mut self, at: FileRange, text: impl Into<String>) -> Self {
        self.edits.push(Edit {
            at,
            text: text.into(),
        });
        self
    }

    /// Adds a deletion.
    #[must_use]
    pub fn delete(self, at: FileRange) -> Self {
        self.replace(at, "")
    }

    /// Adds an insertion before the given range.
    #[must_use]
    pub fn insert_before(self, at: FileRange, text: impl Into<String>) -> Self {
        let start = TextRange::empty(at.range.start());
        self.replace(
            FileRange {
                file: at.file,
                range: start,
            },
            text,
        )
    }

    /// Adds an insertion after the given range.
    #[must_use]
    pub fn insert_after(self, at: FileRange, text: impl Into<String>) -> Self {
        let end = TextRange::empty(at.range.end());
        self.replace(
            FileRange {
                file: at.file,
                range: end,
            },
            text,
        )
    }
}

/// A second place that matters to a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub at: FileRange,
    /// What is there, in a few words.
    pub message: String,
}

/// How far a command comes before a fault ends it, in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The profile is read.
    Profile,
    /// The project's own file, its packages and its selectors are read.
    Project,
    /// Files are parsed.
    Parse,
    /// Names are looked up, and the graph is put together.
    Link,
}

/// That a fault ends a whole command before any node runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stop {
    /// When that is.
    pub stage: Stage,
    /// The class of the error: `CompilationError`.
    pub error: &'static str,
}

/// What one rule has to say about one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The id of the rule: `merge-without-unique-key`.
    pub rule: &'static str,
    /// The group of the rule.
    pub group: Group,
    /// How sure and how bad.
    pub severity: Severity,
    /// What is wrong, why, and what to do: sentences that stand alone.
    pub message: String,
    /// The place to blame.
    pub at: FileRange,
    /// The unique id of the node concerned, as dbt writes it: `model.shop.orders`.
    pub node: Option<String>,
    /// Other places that matter.
    pub related: Vec<Related>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// That no node runs, if it is an error; `None` where it strikes the node alone.
    pub stop: Option<Stop>,
    /// The error as it is printed by what fails, where that is known to the word.
    pub words: Option<String>,
}

impl Diagnostic {
    /// A finding of a rule at a place, with the rule's own severity.
    pub fn new(rule: &RuleMeta, at: FileRange, message: impl Into<String>) -> Self {
        Self {
            rule: rule.id,
            group: rule.group,
            severity: rule.severity,
            message: message.into(),
            at,
            node: None,
            related: Vec::new(),
            fix: None,
            stop: rule.stop,
            words: None,
        }
    }

    /// Ends the whole command, with an error of this class; `None` where it does not.
    #[must_use]
    pub const fn stop(mut self, stop: Option<Stop>) -> Self {
        self.stop = stop;
        self
    }

    /// The error as it is printed by what fails.
    #[must_use]
    pub fn words(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into());
        self
    }

    /// Whether no node runs because of it.
    pub const fn stops(&self) -> bool {
        matches!(self.severity, Severity::Error) && self.stop.is_some()
    }

    /// Another severity than the rule's own.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The node concerned.
    #[must_use]
    pub fn node(mut self, unique_id: impl Into<String>) -> Self {
        self.node = Some(unique_id.into());
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn related(mut self, at: FileRange, message: impl Into<String>) -> Self {
        self.related.push(Related {
            at,
            message: message.into(),
        });
        self
    }

    /// How to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Every place it speaks of: its own, the related ones and those that its fix edits.
    pub fn places(&self) -> impl Iterator<Item = FileRange> + '_ {
        let related = self.related.iter().map(|related| related.at);
        let edits = self.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.at);
        std::iter::once(self.at).chain(related).chain(edits)
    }

    /// The same, to be changed.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut FileRange> {
        let related = self.related.iter_mut().map(|related| &mut related.at);
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        std::iter::once(&mut self.at)
            .chain(related)
            .chain(edits.map(|edit| &mut edit.at))
    }
}

/// What is known of a rule before it runs.
#[derive(Debug, Clone, Copy)]
pub struct RuleMeta {
    /// Kebab-case; reads as "allow ⟨id⟩".
    pub id: &'static str,
    /// What it promises.
    pub group: Group,
    /// The severity of its findings unless one says otherwise.
    pub severity: Severity,
    /// One line for lists.
    pub summary: &'static str,
    /// The page: `explain`, the manual and the test, in Markdown.
    pub page: &'static str,
    /// The version of Glueline that brought it.
    pub since: &'static str,
    /// That its findings end a whole command, unless one says otherwise; `None` where they strike nodes one by one.
    pub stop: Option<Stop>,
}
