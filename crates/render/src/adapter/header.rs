//! The header of a seed: its columns, with the types that dbt-glue gives them.

use glueline_base::{TextRange, Value};
use glueline_project::{Node, Project};

/// A column of a seed.
#[derive(Debug, Clone, Copy)]
pub struct SeedColumn<'a> {
    /// Its name, as the header has it.
    pub name: &'a str,
    /// Where the header has it.
    pub range: TextRange,
    /// Its type, as it is written down or as Spark names it; `None` where Spark cannot tell one and fails.
    pub data_type: Option<&'a str>,
    /// Whether `column_types` says the type.
    pub is_set: bool,
}

/// The columns of a seed: its header. Types are those of `column_types` and of the values. `None` where the node is no seed.
pub fn columns_of_seed<'a>(
    project: &'a Project,
    node: &'a Node,
) -> Option<impl Iterator<Item = SeedColumn<'a>>> {
    let seed = project.facts(node.file()).seed()?;
    let casts = casts_seeds(project);
    Some(seed.columns.iter().map(move |column| {
        let set = node.config.nested("column_types", &column.name);
        let set = set.and_then(|(_, set)| set.value.as_str()).filter(|_| casts);
        SeedColumn {
            name: &column.name,
            range: column.range,
            data_type: set.or_else(|| column.spark_type(casts)),
            is_set: set.is_some(),
        }
    }))
}

/// Whether the profile makes dbt-glue give the columns of seeds their types (`enable_spark_seed_casting`).
fn casts_seeds(project: &Project) -> bool {
    let target = project.target();
    let flag = target.and_then(|target| target.get("enable_spark_seed_casting"));
    flag.and_then(Value::truthy).unwrap_or(false)
}
