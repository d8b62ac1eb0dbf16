//! What Spark accepts and nobody means, told at the place that a person would blame.
//!
//! What is suspected, `glueline_spark` knows; a rule here says which of it is its own, and puts it into words.

use glueline_base::{FileRange, Fix, Related, Safety, Severity, TextRange};
use glueline_project::Project;
use glueline_render::Compiled;
use glueline_spark::analyze::{Suspect, Suspicion};

use crate::context::RenderedCx;
use crate::rendering::report::{ByRule, is_sent};
use crate::rule::{Rule, Sink};
use crate::run::is_own;
use crate::sql::judged::{self, Judged};

/// What a rule says of a suspicion; nothing of one that is another's.
type Teller = fn(&Suspect) -> Option<Told>;

/// Declares the rules of this part, each in a file of its own: its `RULE`, and its `Teller`.
macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        pub(crate) const RULES: &[&Rule] = &[$(&$name::RULE),*];

        const TELLERS: &[(&Rule, Teller)] = &[$((&$name::RULE, $name::tell)),*];
    };
}

rules! {
    accidental_cross_join,
    column_in_double_quotes,
    columns_by_position,
    comparison_with_null,
    constant_condition,
    constant_does_not_fit,
    count_of_condition,
    date_pattern_letter,
    distinct_of_all,
    division_by_zero,
    doubled_quote,
    last_value_of_current_row,
    missing_comma,
    not_in_with_null,
    outer_join_undone,
    timestamp_up_to_day,
}

/// A suspicion in words.
struct Told {
    message: String,
    /// What is at the other place that matters.
    related: &'static str,
    /// What its edits do, as an imperative, and whether they may be made unasked.
    fix: Option<(&'static str, Safety)>,
    /// Another severity than the rule's own.
    severity: Option<Severity>,
}

impl Told {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            related: "",
            fix: None,
            severity: None,
        }
    }

    const fn related(mut self, what: &'static str) -> Self {
        self.related = what;
        self
    }

    const fn fix(mut self, title: &'static str, safety: Safety) -> Self {
        self.fix = Some((title, safety));
        self
    }

    const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }
}

/// Reports what is suspected in all that is rendered, for all rules of this part.
fn check(cx: &RenderedCx<'_>, sink: &mut Sink) {
    judged::report(cx, sink, is_sent, |text, found| {
        for suspicion in &text.verdict.suspicions {
            report(cx.project, text, suspicion, found);
        }
    });
}

fn report<'a>(project: &Project, text: &Judged<'a, '_>, suspicion: &Suspicion, found: &mut ByRule<'a>) {
    let told = |(rule, tell): &(&'static Rule, Teller)| Some((*rule, tell(&suspicion.what)?));
    let Some(at) = place(project, text.compiled, suspicion.range) else {
        return;
    };
    let Some((rule, told)) = TELLERS.iter().find_map(told) else {
        return;
    };
    let findings = found.of(rule);
    let found = findings.add_with(text.node.node, text.life, at, told.message, told.severity);
    if let Some((title, safety)) = told.fix
        && let Some(fix) = fix(project, text.compiled, suspicion, title, safety)
    {
        found.fix(fix);
    }
    let related = suspicion.related.filter(|_| !told.related.is_empty());
    if let Some(at) = related.and_then(|range| place(project, text.compiled, range)) {
        found.relate(Related {
            at,
            message: told.related.to_owned(),
        });
    }
}

/// Where a stretch of rendered text stands in the user's own files, Jinja within it included; nowhere where a package wrote any end of it.
fn place(project: &Project, compiled: &Compiled, range: TextRange) -> Option<FileRange> {
    let start = usize::from(range.start());
    let last = usize::from(range.end()).saturating_sub(1).max(start);
    let (first, last) = (compiled.map.at(start)?, compiled.map.at(last)?);
    let [first, last] = [first, last].map(|end| is_own(project, end.place.file).then_some(end.place));
    let (first, last) = (first?, last?);
    let is_whole = first.file == last.file && first.range.start() <= last.range.start();
    Some(if is_whole {
        FileRange {
            file: first.file,
            range: first.range.cover(last.range),
        }
    } else {
        first
    })
}

/// The edits of a suspicion, where each of them falls on characters that stand in a file as Spark gets them.
fn fix(
    project: &Project,
    compiled: &Compiled,
    suspicion: &Suspicion,
    title: &str,
    safety: Safety,
) -> Option<Fix> {
    if suspicion.edits.is_empty() {
        return None;
    }
    let mut fix = match safety {
        Safety::Safe => Fix::safe(title),
        Safety::Unsafe => Fix::needs_consent(title),
    };
    for (range, text) in &suspicion.edits {
        let before = TextRange::at(range.start().checked_sub(1.into())?, 1.into());
        let written = if range.is_empty() { before } else { *range };
        let literal = |offset: usize| compiled.map.at(offset).is_some_and(|found| found.literal);
        let ends = [
            usize::from(written.start()),
            usize::from(written.end()).saturating_sub(1),
        ];
        let at = place(project, compiled, written)?;
        if !ends.into_iter().all(literal) || at.range.len() != written.len() {
            return None;
        }
        fix = if range.is_empty() {
            fix.insert_after(at, &**text)
        } else {
            fix.replace(at, &**text)
        };
    }
    Some(fix)
}
