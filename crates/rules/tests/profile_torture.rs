//! A profile broken in every way: no rule fails, and what is found stands inside the text.

use glueline_base::{FileRange, MemSystem};
use glueline_render::Renderer;
use glueline_rules::page::PageProject;

/// Every rule about values and their parts has something to look at.
const PROFILES: &str = r#"x-common: &common
  role_arn: "arn:aws:iam::{{ env_var('ACCOUNT', '123456789012') }}:role/dbt"
  schema: analytics
shop:
  target: "{{ env_var('TARGET', 'dev') }}"
  outputs:
    dev: &dev
      <<: *common
      type: glue
      region: eu_wést-1
      workers: "{{ env_var('W', '2') }}"
      glue_version: 5.0
      worker_type: g.1x
      location: 's3://lake/it''s/'
      database: other
      tags: "team = data, é,x=1=2,"
      default_arguments: '--enable-metrics, --a=b=c,--spark.x=y,=z'
      datalake_formats: icberg, hudi
      connections: " a,,b"
      use_arrow: "{{ env_var('A', 'true') | as_bool }}"
      seed_mode: Overwrite
      glue_sesion_reuse: true
      conf: >-
        --conf spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtension
        --conf spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog
        --conf spark.sql.catalog.lake.lock-impl=org.apache.iceberg.aws.glue.DynamoDbLockManager
        --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension spark.é=1 --conf bare
    prod:
      <<: *dev
      workers: {a: 1}
"#;

fn project(profiles: &str) -> Result<Renderer, String> {
    let page = PageProject {
        faulty: true,
        title: String::new(),
        files: Vec::new(),
        line: 1,
    };
    let mut system: MemSystem = crate::common::system(&page);
    system.write("p/profiles.yml", profiles);
    let model = "{{ config(materialized='table', file_format='iceberg') }}\nselect 1 as id\n";
    system.write("p/models/orders.sql", model);
    crate::common::project(&system)
}

/// How much is found in the profile.
fn check(profiles: &str) -> Result<usize, String> {
    let project = project(profiles)?;
    let found = glueline_rules::check(&project);
    let stands = |at: FileRange| {
        let text = &project.project().files().source(at.file).text;
        text.get(std::ops::Range::<usize>::from(at.range)).is_some()
    };
    for diagnostic in &found {
        assert_ne!(
            diagnostic.rule, "internal-error",
            "{}\n{profiles}",
            diagnostic.message
        );
        assert!(stands(diagnostic.at), "{}\n{profiles}", diagnostic.message);
        assert!(diagnostic.related.iter().all(|related| stands(related.at)));
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
        assert!(
            edits.map(|edit| edit.at).all(stands),
            "{}\n{profiles}",
            diagnostic.message
        );
    }
    let profile = project.project().files().by_path("profiles.yml".into());
    let here = found
        .iter()
        .filter(|diagnostic| Some(diagnostic.at.file) == profile);
    Ok(here.count())
}

#[test]
fn much_is_found_in_the_whole() {
    assert!(check(PROFILES).unwrap() >= 25);
}

#[test]
fn every_prefix_is_read() {
    for end in (0..PROFILES.len()).filter(|end| PROFILES.is_char_boundary(*end)) {
        check(PROFILES.get(..end).unwrap()).unwrap();
    }
}

#[test]
fn every_loss_of_a_character_is_read() {
    for (at, lost) in PROFILES.char_indices() {
        let (before, after) = (
            PROFILES.get(..at).unwrap(),
            PROFILES.get(at + lost.len_utf8()..).unwrap(),
        );
        check(&format!("{before}{after}")).unwrap();
    }
}

#[test]
fn other_line_ends_and_marks_are_read() {
    let found = check(PROFILES);
    assert_eq!(check(&PROFILES.replace('\n', "\r\n")), found);
    assert_eq!(check(&format!("\u{feff}{PROFILES}")), found);
}

#[test]
fn a_value_of_many_faults_is_bounded() {
    let many = |piece: &str| piece.repeat(20_000);
    let profiles = PROFILES
        .replace("team = data", &many("é = 1,"))
        .replace("--enable-metrics", &many("--a=b=c,"))
        .replace("--conf bare", &many("--conf spark.a=org.x.Y,Z spark.b=c "));
    assert!(check(&profiles).unwrap() < 200);
}
