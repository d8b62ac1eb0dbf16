//! Differences, in words.

use super::diff::{Change, ColumnChange, Difference, Facet};

impl Difference {
    /// What becomes of the relation, for people: a line for it, then one for each thing that is different.
    pub fn lines(&self) -> Vec<String> {
        let relation = &self.relation;
        let what = match self.change {
            Change::Makes => "is made",
            Change::Rebuilds => "is made anew, and differs",
            Change::Alters => "stays, and differs",
            Change::Drops => "is dropped",
            Change::Fails => "is not made as it should be: the node fails",
            Change::Unknown => "may be made or changed",
        };
        let mut lines = vec![match &self.why {
            Some(why) => format!("{relation} {what}: {}", on_one_line(why)),
            None => format!("{relation} {what}"),
        }];
        lines.extend(self.facets.iter().map(facet));
        lines.extend(self.columns.iter().map(column));
        let is_silent = matches!(self.change, Change::Fails | Change::Unknown | Change::Drops);
        if !self.knows_columns && !is_silent {
            lines.push("  ? its columns are not known".to_owned());
        }
        lines
    }
}

/// A message of dbt, which tells the place and then what is wrong.
fn on_one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(2)
        .collect();
    lines.join(": ")
}

fn facet(facet: &Facet) -> String {
    let name = facet.name;
    match (&facet.before, &facet.after) {
        (Some(before), Some(after)) => format!("  ~ {name}: {before} -> {after}"),
        (None, Some(after)) => format!("  + {name}: {after}"),
        (Some(before), None) => format!("  - {name}: {before}"),
        (None, None) => format!("    {name}"),
    }
}

fn column(change: &ColumnChange) -> String {
    let typed = |name: &str, ty: &Option<String>| match ty {
        Some(ty) => format!("{name} {ty}"),
        None => format!("{name}, of a type that is not known"),
    };
    match change {
        ColumnChange::Added(name, ty) => format!("  + column {}", typed(name, ty)),
        ColumnChange::Dropped(name, ty) => format!("  - column {}", typed(name, ty)),
        ColumnChange::Retyped(name, before, after) => format!("  ~ column {name}: {before} -> {after}"),
        ColumnChange::NotWritten(name, ty) => {
            format!(
                "  ! column {} is not written: the table has none",
                typed(name, ty)
            )
        }
    }
}
