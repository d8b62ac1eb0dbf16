//! Whose data a step takes away.

use glueline_render::{Found, Standing};

use super::Reading;

/// Whose data a step takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strikes {
    /// That of the node itself: its relation, and those under whose names it stages rows.
    Own,
    /// That of somebody else: of another relation, a database, or nobody can tell. All that a hook of a run does.
    Other,
}

impl Reading<'_> {
    /// Whose a relation is.
    pub(super) fn strikes(&self, name: &str) -> Strikes {
        let is_own = self.staged.contains(&name.to_lowercase())
            || self.before.is_some_and(|own| self.is_of(own, name));
        if is_own { Strikes::Own } else { Strikes::Other }
    }

    /// Whether a name is that of the node's own relation, or one under which it stages rows.
    fn is_of(&self, own: &Found, name: &str) -> bool {
        if let Some((_, path)) = name.split_once("s3://") {
            return is_at(own, path);
        }
        let (schema, last) = self.place(name);
        let is_itself = schema.eq_ignore_ascii_case(&own.schema) && own.name.eq_ignore_ascii_case(last);
        is_itself || self.is_staged(name)
    }

    /// Whether a name is one under which the node stages rows of its own relation.
    pub(super) fn is_staged(&self, name: &str) -> bool {
        let Some(own) = self.before else {
            return false;
        };
        let (schema, last) = self.place(name);
        let of_profile = self.subject.temp_schema.as_deref();
        let mut schemas = [Some(&*own.schema), of_profile].into_iter().flatten();
        stages(&own.name, last) && schemas.any(|known| known.eq_ignore_ascii_case(schema))
    }

    /// The schema and the last part of a name.
    fn place<'n>(&'n self, name: &'n str) -> (&'n str, &'n str) {
        let mut parts = name.rsplit('.');
        let last = parts.next().unwrap_or_default();
        (parts.next().unwrap_or(&self.subject.schema), last)
    }
}

/// Whether a name is one under which rows of a relation are put away for a while, or the relation itself.
fn stages(own: &str, name: &str) -> bool {
    const SUFFIXES: [&str; 3] = ["_tmp", "__dbt_tmp", "__dbt_backup"];
    let (own, name) = (own.to_lowercase(), name.to_lowercase());
    name.strip_prefix("tmp_") == Some(&*own)
        || name
            .strip_prefix(&*own)
            .is_some_and(|suffix| SUFFIXES.contains(&suffix))
}

/// Whether a place on S3, without `s3://`, is that of a relation: what the catalog says, or where dbt-glue puts it.
fn is_at(own: &Found, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    match &own.standing {
        Standing::Table {
            location: Some(location),
            ..
        } => location
            .split_once("://")
            .is_some_and(|(_, known)| known.trim_end_matches('/') == path),
        _ => path.ends_with(&format!("/{}/{}", own.schema, own.name)),
    }
}
