//! What the session brings besides the nodes of the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{CatalogState, LoadOptions, Project, load};
use glueline_render::{Renderer, Settings};
use glueline_schema::Schemas;

/// A project of one model, under a profile with more in it.
fn project(profile: &str, model: &str) -> MemSystem {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
    let profile = format!(
        "shop: {{target: dev, outputs: {{dev: {{type: glue, schema: shop, glue_version: '5.0', {profile}}}}}}}"
    );
    system.write("p/profiles.yml", profile);
    system.write("p/models/m.sql", model);
    system
}

fn loaded(system: &MemSystem) -> Arc<Project> {
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    Arc::new(load(system, &options).unwrap())
}

fn schemas(system: MemSystem) -> Schemas {
    let project = loaded(&system);
    let system: Arc<dyn System> = Arc::new(system);
    Schemas::new(&Renderer::new(project, Settings::new(system)))
}

/// The classes of what Spark refuses in the model.
fn refused(schemas: &Schemas) -> Vec<&'static str> {
    let mut nodes = schemas.renderer().project().nodes().iter();
    let node = nodes.find(|node| &*node.name == "m").unwrap().id;
    let entry = schemas.entry(node).unwrap();
    let errors = entry.verdicts.iter().flat_map(|(_, verdict)| &verdict.errors);
    errors.map(|error| error.class).collect()
}

#[test]
fn extensions_of_spark_bring_functions() {
    const MODEL: &str = "select st_point(1, 2) as p";
    const UNKNOWN: &[&str] = &["UNRESOLVED_ROUTINE"];
    for (profile, expected) in [
        ("", UNKNOWN),
        ("conf: 'spark.x=1'", UNKNOWN),
        (
            "conf: 'spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension, ,org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions'",
            UNKNOWN,
        ),
        ("conf: 'spark.x=--confuse,spark.sql.extensions=org.x.Y'", UNKNOWN),
        (
            "conf: 'spark.sql.extensions=org.apache.sedona.sql.SedonaSqlExtensions'",
            &[],
        ),
        (
            "conf: 'spark.x=1 --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension,org.apache.sedona.sql.SedonaSqlExtensions'",
            &[],
        ),
        ("conf: '{{ env_var(\"SPARK_CONF\") }}'", &[]),
        ("default_arguments: '--conf=spark.sql.extensions=org.x.Y'", &[]),
    ] {
        assert_eq!(refused(&schemas(project(profile, MODEL))), expected, "{profile}");
    }
    for (meta, expected) in [
        ("{'owner': 'x'}", UNKNOWN),
        ("{'conf': 'spark.x=1'}", UNKNOWN),
        ("{'conf': 'spark.sql.extensions=org.x.Y'}", &[]),
    ] {
        let model = format!("{{{{ config(meta={meta}) }}}} {MODEL}");
        assert_eq!(refused(&schemas(project("", &model))), expected, "{meta}");
    }
}

#[test]
fn what_the_project_makes_is_there_after_an_edit() {
    const MISSING: &[&str] = &["TABLE_OR_VIEW_NOT_FOUND"];
    for (path, text) in [
        ("p/models/recent.sql", "select 1 as id"),
        (
            "p/macros/views.sql",
            "{% macro v() %}create temporary view Recent as select 1{% endmacro %}",
        ),
        (
            "p/macros/views.sql",
            "{% macro v(name) %}create temporary view {{ name }} as select 1{% endmacro %}",
        ),
    ] {
        let mut system = project("", "select id from recent");
        let before = schemas(system.clone());
        assert_eq!(refused(&before), MISSING, "{text}");
        system.write(path, text);
        let after = before.renew(&before.renderer().renew(loaded(&system)));
        assert_eq!(refused(&after), [""; 0], "{text}");
        let again = after.renew(
            &after
                .renderer()
                .renew(loaded(&project("", "select id from recent"))),
        );
        assert_eq!(refused(&again), MISSING, "{text}");
    }
}

#[test]
fn a_database_that_something_else_speaks_of_is_there() {
    const SOURCE: &str = "sources: [{name: raw, tables: [{name: o, columns: [{name: id, data_type: int}]}]}]";
    let with = |files: &[(&str, &str)]| {
        let mut system = project("", "select id from legacy.orders");
        system.write("p/models/s.yml", SOURCE);
        for (path, text) in files {
            system.write(format!("p/{path}"), *text);
        }
        refused(&schemas(system))
    };
    assert_eq!(with(&[]), ["TABLE_OR_VIEW_NOT_FOUND"]);
    assert_eq!(
        with(&[("seeds/x.csv", "a\nlegacy\n")]),
        ["TABLE_OR_VIEW_NOT_FOUND"]
    );
    assert_eq!(
        with(&[("models/other.sql", "select 1 as legacy_id")]),
        ["TABLE_OR_VIEW_NOT_FOUND"]
    );
    assert_eq!(
        with(&[("models/other.sql", "select 1 as a -- from Legacy")]),
        [""; 0]
    );
    assert_eq!(
        with(&[(
            "models/other.sql",
            "{{ config(schema='x') }} select 1 as a, 2 as LEGACY"
        )]),
        [""; 0]
    );
    let undescribed = "sources: [{name: raw, tables: [{name: o}]}]";
    assert_eq!(with(&[("models/s.yml", undescribed)]), [""; 0]);
}

#[test]
fn a_library_that_several_files_use_is_there() {
    const MODEL: &str = "select st_length('x') as p";
    for (other, is_refused) in [
        ("select st_astext(p) as t from x.y", false),
        ("select ST_AsText (p) as t from x.y", false),
        ("select st_astext, last_st_a(1) as t from x.y", true),
        ("select h3_kring(p) as t from x.y", true),
    ] {
        let mut system = project("", MODEL);
        system.write("p/models/other.sql", other);
        assert_eq!(!refused(&schemas(system)).is_empty(), is_refused, "{other}");
    }
}

#[test]
fn a_table_that_may_be_hidden_may_be_there() {
    let with = |database: &str| {
        let state = format!(r#"{{"databases": {{"legacy": {database}}}}}"#);
        let system = project("", "select id from legacy.orders");
        let project = loaded(&system).with_state(CatalogState::read(&state).unwrap());
        let system: Arc<dyn System> = Arc::new(system);
        refused(&Schemas::new(&Renderer::new(
            Arc::new(project),
            Settings::new(system),
        )))
    };
    assert_eq!(with("{}"), ["TABLE_OR_VIEW_NOT_FOUND"]);
    assert_eq!(with(r#"{"tables_hidden": true}"#), [""; 0]);
    assert_eq!(with(r#"{"unknown": true}"#), [""; 0]);
}
