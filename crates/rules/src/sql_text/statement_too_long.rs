//! `statement-too-long`.

use glueline_base::{FileRange, range, slice};
use glueline_catalog::limits;

use super::texts::{is_sent, of_node};
use crate::context::NodeCx;
use crate::rule::{Check, Rule, Sink, rule};

pub(crate) static RULE: Rule = rule!(
    "statement-too-long",
    Fails,
    Warning,
    "statement_too_long.md",
    Check::GlueNode(check)
);

fn check(cx: &NodeCx<'_>, sink: &mut Sink) {
    let file = cx.node.file();
    let text = cx.project.files().text(file);
    let most = limits()
        .iter()
        .find(|limit| limit.field == "RunStatement.Code")
        .and_then(|limit| limit.max);
    let Some(most) = most.filter(|most| text.len() > *most as usize && is_sent(cx)) else {
        return;
    };
    let Some(facts) = cx.project.facts(file).sql() else {
        return;
    };
    let written: usize = of_node(cx.node, facts)
        .map(|part| slice(text, part).chars().count())
        .sum();
    if written <= most as usize {
        return;
    }
    let message = format!(
        "This SQL has {written} characters as it is written, and Glue takes {most} in one statement. dbt-glue hides the \
         refusal behind `module 'dbt.exceptions' has no attribute 'ExecutableError'`. Split the model, or put \
         constants into a seed."
    );
    sink.push(cx.diagnostic(
        &RULE.meta,
        FileRange {
            file,
            range: range(0, 0),
        },
        message,
    ));
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;
    use glueline_project::{LoadOptions, load};

    use super::*;

    fn found(length: usize) -> usize {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\nprofile: shop\n");
        system.write("p/models/a.sql", format!("select 'é{}' as x", "a".repeat(length)));
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        let mut sink = Sink::default();
        check(
            &NodeCx {
                project: &project,
                node: &project.nodes()[0],
            },
            &mut sink,
        );
        sink.take().len()
    }

    #[test]
    fn characters_are_counted() {
        let frame = "select 'é' as x".chars().count();
        assert_eq!(found(68_000 - frame), 0);
        assert_eq!(found(68_001 - frame), 1);
    }
}
