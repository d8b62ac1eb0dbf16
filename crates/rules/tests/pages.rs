//! Every rule's page is a test: its examples must be found at the marked lines, and nothing else may be; what stands
//! under "Instead" must be clean.

use std::collections::BTreeMap;

use glueline_base::{LineIndex, MemSystem};
use glueline_project::{LoadOptions, load};
use glueline_rules::page::{self, PageProject};
use glueline_rules::{ALL, Rule};
use libtest_mimic::{Arguments, Failed, Trial};

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

fn main() {
    let arguments = Arguments::from_args();
    let trials = ALL.iter().flat_map(|rule| trials(rule)).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trials(rule: &'static Rule) -> Vec<Trial> {
    let mut trials = vec![Trial::test(format!("{}: page", rule.meta.id), move || {
        shape(rule)
    })];
    for project in page::projects(rule.meta.page) {
        let section = if project.faulty { "example" } else { "instead" };
        let name = format!(
            "{}: {section} at line {}: {}",
            rule.meta.id, project.line, project.title
        );
        trials.push(Trial::test(name, move || run(rule, &project)));
    }
    trials
}

/// What every page has: its id as the title, a summary of one sentence, and, for a rule that looks at projects, an
/// example and a way out.
fn shape(rule: &Rule) -> Result<(), Failed> {
    let page = rule.meta.page;
    if !page.starts_with(&format!("# {}\n\n", rule.meta.id)) {
        return Err("the title is not the rule's id, followed by a blank line".into());
    }
    if !rule.meta.summary.ends_with('.') || rule.meta.summary.len() > 110 {
        return Err(format!("the summary is no short sentence: {:?}", rule.meta.summary).into());
    }
    let projects = page::projects(page);
    let marked = |project: &PageProject| project.files.iter().any(|file| !file.marked.is_empty());
    if projects.iter().any(|project| project.faulty && !marked(project)) {
        return Err("an example marks no line".into());
    }
    if rule.meta.id != "internal-error" {
        if !projects.iter().any(|project| project.faulty) {
            return Err("no example".into());
        }
        if !projects.iter().any(|project| !project.faulty) {
            return Err("nothing under \"Instead\"".into());
        }
    }
    Ok(())
}

fn run(rule: &Rule, page: &PageProject) -> Result<(), Failed> {
    let mut system = MemSystem::new();
    system.write("p/dbt_project.yml", PROJECT);
    system.write("p/profiles.yml", PROFILES);
    let mut expected: BTreeMap<(String, u32), usize> = BTreeMap::new();
    for file in &page.files {
        system.write(format!("p/{}", file.path), file.text.clone());
        for line in &file.marked {
            expected.insert((file.path.clone(), *line), 0);
        }
    }
    let mut options = LoadOptions::new("p");
    if let Ok(state) = glueline_base::System::read(&system, "p/catalog.json".into()) {
        let text = String::from_utf8(state).map_err(|error| error.to_string())?;
        options.state = Some(glueline_project::CatalogState::read(&text)?);
    }
    let project = load(&system, &options).map_err(|error| error.to_string())?;
    let mut wrong = Vec::new();
    for diagnostic in glueline_rules::check(&project) {
        let source = project.files().source(diagnostic.at.file);
        let line = LineIndex::new(&source.text)
            .line_column(diagnostic.at.range.start())
            .line;
        let place = (source.path.to_string(), line);
        match expected.get_mut(&place) {
            Some(count) if diagnostic.rule == rule.meta.id => *count += 1,
            _ => wrong.push(format!(
                "{}:{line}: [{}] {}",
                place.0, diagnostic.rule, diagnostic.message
            )),
        }
    }
    for ((path, line), count) in expected {
        if count == 0 {
            wrong.push(format!("{path}:{line}: expected, and not found"));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}
