//! Several nodes at work at once.

use std::collections::BTreeSet;

use super::*;

const MEETS: Does = Does::Meets { and_fails: false };

/// What the comment of a statement says of the node that sends it.
fn sender(text: &str) -> Option<&str> {
    text.split("model.p.").nth(1)?.split('"').next()
}

#[test]
fn two_nodes_are_at_work_at_once() {
    let carried = carry_out_on(2, &project(HOOKS), false, &[("1 as a", MEETS), ("5 as e", MEETS)]);
    let succeeded: BTreeSet<&str> = carried.nodes.iter().map(String::as_str).collect();
    let wanted = ["a success", "b success", "c success", "d success", "e success"];
    assert!(
        wanted.iter().all(|node| succeeded.contains(node)),
        "{succeeded:?}"
    );
    assert_eq!(succeeded.len(), wanted.len() + 3, "{succeeded:?}");
    // Each is told once, and in the order in which it came to its end.
    let done = carried
        .told
        .iter()
        .filter(|told| !told.ends_with("begins") && *told != "prepared");
    assert!(done.eq(&carried.nodes));
    let threads: BTreeSet<usize> = carried.plan.nodes.iter().map(|node| node.thread).collect();
    assert_eq!(threads, BTreeSet::from([0, 1]));
}

#[test]
fn what_one_node_does_is_not_told_of_another() {
    let renderer = project("");
    let carried = carry_out_on(2, &renderer, false, &[("1 as a", MEETS), ("5 as e", MEETS)]);
    for done in &carried.plan.nodes {
        let run = done.run.as_ref().unwrap();
        let name = super::name(&renderer, done);
        let senders: BTreeSet<_> = run
            .statements()
            .filter_map(|statement| sender(statement.sql.as_deref()?))
            .collect();
        assert_eq!(senders, BTreeSet::from([name.as_str()]));
        let before = run.before.as_ref().unwrap();
        assert_eq!(before.name, name);
    }
    // Nothing is lost, either.
    let statements = carried.plan.nodes.iter().filter_map(|done| done.run.as_ref());
    assert_eq!(
        statements.map(|run| run.statements().count()).sum::<usize>(),
        carried.threads.len()
    );
}

#[test]
fn each_thread_has_a_session_of_its_own() {
    let carried = carry_out_on(2, &project(""), false, &[("1 as a", MEETS), ("5 as e", MEETS)]);
    let of = |piece: &str| {
        let mut sent = carried.threads.iter();
        sent.find(|(_, text)| text.contains(piece)).unwrap().0
    };
    assert_ne!(of("1 as a"), of("5 as e"));
    for done in &carried.plan.nodes {
        let statements = done.run.as_ref().unwrap().statements();
        let texts: Vec<&str> = statements
            .filter_map(|statement| statement.sql.as_deref())
            .collect();
        let mut sent = carried.threads.iter();
        assert!(sent.all(|(thread, text)| *thread == done.thread || !texts.contains(&text.as_str())));
    }
    let threads: Vec<usize> = carried
        .plan
        .sessions
        .iter()
        .map(|session| session.thread)
        .collect();
    assert_eq!(threads.len(), 2, "{threads:?}");
    assert_eq!(threads.iter().collect::<BTreeSet<_>>().len(), 2);
}

#[test]
fn a_session_whose_id_is_fixed_is_the_same_for_all() {
    let profiles = PROFILES.replace(
        "workers: 2",
        "workers: 2, glue_session_id: warm, glue_session_reuse: true",
    );
    let renderer = project_of("", &profiles);
    let carried = carry_out_on(2, &renderer, false, &[("1 as a", MEETS), ("5 as e", MEETS)]);
    assert_eq!(carried.plan.sessions.len(), 1, "{:?}", carried.plan.sessions);
}

#[test]
fn what_is_at_work_when_another_fails_comes_to_its_end() {
    let fails = Does::Meets { and_fails: true };
    let carried = carry_out_on(2, &project(""), true, &[("1 as a", fails), ("5 as e", MEETS)]);
    let (ended, left) = carried.nodes.split_at(2);
    assert_eq!(
        ended.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from(["a error", "e success"])
    );
    let skipped = |name: &str| format!("{name} skipped: Skipping due to fail_fast");
    assert_eq!(left, ["b", "c", "d", "f"].map(skipped));
}

#[test]
fn a_run_that_is_cancelled_ends_on_every_thread() {
    let carried = carry_out_on(3, &project(""), false, &[("1 as a", Does::IsCancelled)]);
    let skipped = |name: &str| format!("{name} skipped: The run was cancelled");
    let left = ["b", "c", "d"].map(skipped);
    assert!(
        left.iter().all(|node| carried.nodes.contains(node)),
        "{:?}",
        carried.nodes
    );
    let begun = |name: &str| carried.told.contains(&format!("{name} begins"));
    assert!(!["b", "c", "d"].iter().any(|name| begun(name)));
}

#[test]
fn one_thread_never_has_two_at_work() {
    let carried = carry_out_on(0, &project(""), false, &[]);
    let begins = carried.told.iter().skip(1).step_by(2);
    assert!(
        begins.clone().all(|told| told.ends_with("begins")),
        "{:?}",
        carried.told
    );
    assert_eq!(begins.count(), 5);
}
