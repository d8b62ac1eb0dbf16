//! When a call in a file is evaluated.

use glueline_base::slice;
use glueline_project::Node;
use glueline_project::facts::sql::Site;

/// When dbt evaluates a call of a node's file, or of a macro's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// When the project is parsed, and again when the node runs.
    Always,
    /// Only when the node runs: behind `{% if execute %}`.
    Run,
    /// Only when the node runs and its relation exists: behind `{% if is_incremental() %}`.
    Later,
}

/// The moment of a call, as far as it is certain that there is one: `None` in loops and behind other conditions.
pub(crate) fn moment(text: &str, site: &Site) -> Option<Moment> {
    if site.in_loop {
        return None;
    }
    let mut moment = Moment::Always;
    for condition in &site.conditions {
        let written = slice(text, condition.expression).trim();
        let (word, holds) = match written.strip_prefix("not ") {
            Some(negated) => (negated.trim(), !condition.holds),
            None => (written, condition.holds),
        };
        match (word, holds) {
            ("execute", true) if moment == Moment::Always => moment = Moment::Run,
            ("execute", true) => {}
            ("is_incremental()", true) => moment = Moment::Later,
            _ => return None,
        }
    }
    Some(moment)
}

/// Whether a call belongs to the node itself, and not to a macro or another snapshot of its file.
pub(crate) fn is_in(node: &Node, site: &Site) -> bool {
    site.in_macro.is_none() && site.in_snapshot == node.block
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;
    use glueline_project::{LoadOptions, load};

    use super::*;

    fn of(text: &str) -> Option<Moment> {
        let mut system = MemSystem::new();
        system.write("p/dbt_project.yml", "name: shop\n");
        system.write("p/models/a.sql", text);
        let project = load(&system, &LoadOptions::new("p")).unwrap();
        let file = project.files().by_path("models/a.sql".into()).unwrap();
        moment(text, &project.facts(file).sql().unwrap().refs[0].site)
    }

    #[test]
    fn conditions_tell_the_moment() {
        let cases = [
            ("{{ ref('a') }}", Some(Moment::Always)),
            ("{% if execute %}{{ ref('a') }}{% endif %}", Some(Moment::Run)),
            (
                "{% if not execute %}x{% else %}{{ ref('a') }}{% endif %}",
                Some(Moment::Run),
            ),
            ("{% if not execute %}{{ ref('a') }}{% endif %}", None),
            (
                "{% if is_incremental() %}{{ ref('a') }}{% endif %}",
                Some(Moment::Later),
            ),
            (
                "{% if execute %}{% if is_incremental() %}{{ ref('a') }}{% endif %}{% endif %}",
                Some(Moment::Later),
            ),
            ("{% if target.name == 'x' %}{{ ref('a') }}{% endif %}", None),
            ("{% for x in y %}{{ ref('a') }}{% endfor %}", None),
            ("{{ ref('a') if execute }}", Some(Moment::Run)),
        ];
        for (text, expected) in cases {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
