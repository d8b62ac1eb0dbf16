//! What the session brings besides the nodes of the project.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Arc;

use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, load};
use glueline_render::{Renderer, Settings};
use glueline_schema::Schemas;

/// The classes of what Spark refuses in one model under a profile with more in it.
fn refused(profile: &str, model: &str) -> Vec<&'static str> {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n");
    system.write(
        "p/profiles.yml",
        format!("shop: {{target: dev, outputs: {{dev: {{type: glue, schema: shop, glue_version: '5.0', {profile}}}}}}}"),
    );
    system.write("p/models/m.sql", model);
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    let schemas = Schemas::new(&Renderer::new(project, Settings::new(system)));
    let node = schemas.renderer().project().nodes().iter().next().unwrap().id;
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
        assert_eq!(refused(profile, MODEL), expected, "{profile}");
    }
}
