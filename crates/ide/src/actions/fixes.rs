//! The fixes that findings bring.

use glueline_base::{Diagnostic, Edit, FileId, Fix, Safety, TextRange};

use super::{Action, ActionKind};

/// The fixes of the findings that a range touches, and where a rule has several in the file, all of them at once.
pub(super) fn of_findings(file: FileId, range: TextRange, findings: &[Diagnostic]) -> Vec<Action> {
    let mut out = Vec::new();
    let mut rules: Vec<&str> = Vec::new();
    for (number, finding) in touched(file, range, findings) {
        let Some(fix) = &finding.fix else { continue };
        out.push(action(fix, &fix.title, number));
        if !rules.contains(&finding.rule) {
            rules.push(finding.rule);
        }
    }
    for rule in rules {
        let of_rule = findings.iter().filter(|finding| finding.rule == rule);
        let fixes: Vec<&Fix> = of_rule.filter_map(|finding| finding.fix.as_ref()).collect();
        let is_safe = fixes.iter().all(|fix| fix.safety == Safety::Safe);
        let (edits, count) = together(fixes.into_iter());
        if count > 1 {
            let unsafe_ = if is_safe { "" } else { " (unsafe)" };
            let title = format!("Fix all {count} of `{rule}` in this file{unsafe_}");
            out.push(Action {
                edits,
                ..Action::new(title, ActionKind::QuickFix)
            });
        }
    }
    out
}

/// Every safe fix of a file at once; `None` where there is none.
pub fn fix_all(findings: &[Diagnostic]) -> Option<Action> {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let (edits, count) = together(fixes.filter(|fix| fix.safety == Safety::Safe));
    (count > 0).then(|| Action {
        edits,
        ..Action::new("Apply all safe fixes of Glueline", ActionKind::FixAll)
    })
}

/// The findings that a range touches, with their numbers.
pub(super) fn touched(
    file: FileId,
    range: TextRange,
    findings: &[Diagnostic],
) -> impl Iterator<Item = (usize, &Diagnostic)> {
    let touches = move |(_, finding): &(usize, &Diagnostic)| {
        finding.at.file == file && finding.at.range.intersect(range).is_some()
    };
    findings.iter().enumerate().filter(touches)
}

fn action(fix: &Fix, title: &str, number: usize) -> Action {
    let is_safe = fix.safety == Safety::Safe;
    let title = if is_safe {
        title.to_owned()
    } else {
        format!("{title} (unsafe)")
    };
    Action {
        is_preferred: is_safe,
        edits: fix.edits.clone(),
        ..Action::new(title, ActionKind::QuickFix).about(number)
    }
}

/// The edits of fixes that can be applied together, and how many fixes these are: of two that are in each other's way the first.
fn together<'a>(fixes: impl Iterator<Item = &'a Fix>) -> (Vec<Edit>, usize) {
    let mut edits: Vec<Edit> = Vec::new();
    let mut count = 0;
    for fix in fixes {
        let is_free = |edit: &Edit| edits.iter().all(|taken| !are_in_the_way(taken, edit));
        if !fix.edits.is_empty() && fix.edits.iter().all(is_free) {
            edits.extend(fix.edits.iter().cloned());
            count += 1;
        }
    }
    (edits, count)
}

/// Whether two edits overlap, or insert at one place.
fn are_in_the_way(one: &Edit, other: &Edit) -> bool {
    let shared = one.at.range.intersect(other.at.range);
    one.at.file == other.at.file
        && shared.is_some_and(|both| !both.is_empty() || one.at.range.is_empty() || other.at.range.is_empty())
}
