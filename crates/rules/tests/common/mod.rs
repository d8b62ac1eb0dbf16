//! The project that a page's files are put into.

use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, Project, load};
use glueline_rules::page::PageProject;

const PROJECT: &str = "name: shop\nversion: '1.0.0'\nprofile: shop\n";

const PROFILES: &str = r#"shop:
  target: dev
  outputs:
    dev:
      type: glue
      role_arn: arn:aws:iam::123456789012:role/GlueSessionRole
      region: eu-west-1
      glue_version: "5.0"
      workers: 2
      worker_type: G.1X
      schema: analytics
      location: s3://shop-lake/warehouse
      glue_session_id: shop-dev
      glue_session_reuse: true
      datalake_formats: hudi,delta,iceberg
      delta_athena_prefix: athena
      conf: >-
        spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions,io.delta.sql.DeltaSparkSessionExtension
        --conf spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog
        --conf spark.sql.catalog.glue_catalog.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog
        --conf spark.sql.catalog.glue_catalog.io-impl=org.apache.iceberg.aws.s3.S3FileIO
        --conf spark.sql.catalog.glue_catalog.warehouse=s3://shop-lake/warehouse
        --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog
        --conf spark.serializer=org.apache.spark.serializer.KryoSerializer
        --conf spark.sql.hive.convertMetastoreParquet=false
        --conf spark.sql.sources.partitionOverwriteMode=dynamic
        --conf spark.sql.legacy.allowNonEmptyLocationInCTAS=true
"#;

/// The files of a page's project, and those that it does not give.
pub(crate) fn system(page: &PageProject) -> MemSystem {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", PROJECT);
    system.write("p/profiles.yml", PROFILES);
    for file in &page.files {
        system.write(format!("p/{}", file.path), file.text.clone());
    }
    system
}

/// The project that the files make, with `catalog.json` as the catalog where it is there.
pub(crate) fn project(system: &MemSystem) -> Result<Project, String> {
    let mut options = LoadOptions::new("p");
    if let Ok(state) = system.read("p/catalog.json".into()) {
        let text = String::from_utf8(state).map_err(|error| error.to_string())?;
        options.state = Some(glueline_project::CatalogState::read(&text)?);
    }
    load(system, &options).map_err(|error| error.to_string())
}
