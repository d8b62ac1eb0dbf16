//! Macros are found under the names that dbt looks for.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use glueline_base::MemSystem;
use glueline_project::{LoadOptions, Project, load};

fn project(macros: &str) -> Project {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: shop\nprofile: shop\n");
    system.write("p/macros/m.sql", macros);
    load(&system, &LoadOptions::new("p")).unwrap()
}

#[test]
fn a_materialization_is_the_one_for_the_nearest_adapter() {
    let materialization = |name: &str, head: &str| {
        format!("{{% materialization {name}, {head} %}}x{{% endmaterialization %}}\n")
    };
    let text = [
        materialization("table", "default"),
        materialization("table", "adapter='glue'"),
        materialization("my_own", "adapter='spark'"),
        materialization("other", "adapter='snowflake'"),
    ]
    .concat();
    let project = project(&text);
    let index = |name: &str| project.macros().materialization(name).map(|found| found.index);
    assert_eq!(index("table"), Some(1));
    assert_eq!(index("my_own"), Some(2));
    assert_eq!(index("other"), None);
    assert_eq!(index("view"), None);
}
