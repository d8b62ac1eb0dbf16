//! `glueline preview`, as its users call it.

#![expect(clippy::panic, reason = "a test that cannot go on ends")]

use std::process::Command;

use serde_json::{Value, json};

use crate::common::{Output, Project};

/// A table, an increment that overwrites partitions, a view, a macro in the place of a shipped one, and a model that fails with one
/// that reads it.
const SHOP: [(&str, &str); 6] = [
    (
        "models/a.sql",
        "{{ config(materialized='table', file_format='parquet') }}\nselect 1 as id,\n  '\\x41' as letter\n",
    ),
    (
        "models/b.sql",
        "{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partition_by=['ds'], \
         file_format='parquet') }}\nselect id, current_date() as ds\nfrom {{ ref('a') }}\n{% if is_incremental() %}\n\
         where ds > '{{ run_query('select max(ds) from ' ~ this) }}'\n{% endif %}\n",
    ),
    ("models/c.sql", "select id from {{ ref('b') }}\n"),
    (
        "macros/views.sql",
        "{% macro glue__create_view_as(relation, sql) %}\ncreate or replace view {{ relation }} as -- ours\n{{ sql }}\n{% endmacro %}\n",
    ),
    (
        "models/d.sql",
        "{% if execute %}{{ exceptions.raise_compiler_error('no rows') }}{% endif %}\n",
    ),
    ("models/e.sql", "select * from {{ ref('d') }}\n"),
];

const COLUMNS: &str = r#"{"databases": {"analytics": {"tables": {
    "a": {"parameters": {"classification": "parquet"}, "columns": [{"name": "id", "type": "int"}], "location": "s3://shop-lake/old/a"},
    "b": {"columns": [{"name": "id", "type": "int"}], "partition_keys": [{"name": "ds", "type": "date"}]}
}}}}"#;

fn preview(project: &Project, arguments: &[&str]) -> Output {
    project.glueline(&[&["preview"], arguments].concat())
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    let output = preview(project, &[arguments, &["-q", "--output", "json"]].concat());
    assert_eq!(output.stderr, "");
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", output.stdout))
}

/// The text without the comments that dbt puts before statements, which are alike, and without blanks at the ends of lines.
fn plain(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains("/* {\"app\""));
    lines.fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

#[test]
fn a_table_is_told_step_by_step() {
    let project = Project::new(&SHOP);
    project.write("catalog.json", COLUMNS);
    let output = preview(&project, &["-s", "a", "--catalog", "catalog.json"]);
    let want = "\
dbt run for the target dev
warehouse: as catalog.json tells
release: dbt-glue 1.12.4 (the newest known)
session: shop-dev, Glue 5.0, 2 workers G.1X, left running until it idles out; `spark.sql('use analytics')` before each statement

model analytics.a
  table, parquet; is there as a table (by the catalog file)
  models/a.sql
  1. Ask Glue for table analytics.a (glue GetTable)
  2. Ask Glue for table analytics.a (glue GetTable)
  3. Ask Glue for table analytics.a (glue GetTable)
  4. Drop table analytics.a
     danger: deletes table analytics.a as a whole, until it is created anew; the files at s3://shop-lake/old/a stay on S3 [table-rerun-needs-conf]
      |
      |     drop table if exists analytics.a
  5. Create the parquet table analytics.a
     danger: replaces the files at s3://shop-lake/warehouse/analytics/a, which the dropped table left there [table-rerun-needs-conf]
     --> models/a.sql:2-3
       |
       |
       |     create table
       |          analytics.a
       |
       |
       |
       |     using parquet
       |
       |
       |
       |       LOCATION 's3://shop-lake/warehouse/analytics/a'
       |
       |       as
       |
       |
     2 | select 1 as id,
     3 |   '\\x41' as letter
     Spark gets this, once Python has read it:
      |
      |
      |     create table
      |          analytics.a
      |
      |
      |
      |     using parquet
      |
      |
      |
      |       LOCATION 's3://shop-lake/warehouse/analytics/a'
      |
      |       as
      |
      |
      | select 1 as id,
      |   'A' as letter
";
    assert_eq!(plain(&output.stdout), want);
    assert_eq!(
        (output.status, output.stderr.as_str()),
        (
            0,
            "Previewed 1 node: 2 statements, 2 dangerous steps, 0 would fail, 0 skipped\n"
        )
    );
}

#[test]
fn what_is_not_known_and_what_is_the_projects_own_is_said() {
    let project = Project::new(&SHOP);
    let output = preview(&project, &["-s", "b", "c", "--run", "second", "-q"]);
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
    for wanted in [
        "model analytics.b\n  incremental by insert_overwrite, parquet; is there as a table (assumed)\n  models/b.sql\n",
        "  3. Ask `select max(ds) from analytics.b`\n",
        "  5. Stage the rows of the query in the temporary view b_tmp\n     --> models/b.sql:2-5\n",
        "     3 | from analytics.a\n       |\n     5 | where ds > '",
        "     danger: replaces the partitions (ds) of analytics.b for which the query returns rows\n",
        "     Spark runs it as 2 queries, one after the other\n",
        "  not known: a query needs the warehouse: select max(ds) from analytics.b (models/b.sql:5:16)\n",
        "     1 | select id from analytics.b\n  note: `glue__create_view_as` is the project's own, in macros/views.sql\n",
    ] {
        let text = plain(&output.stdout);
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    assert!(
        output.stdout.starts_with("model analytics.b\n"),
        "a quiet preview is the nodes alone"
    );
}

#[test]
fn a_node_that_fails_says_why_and_stops_what_reads_it() {
    let project = Project::new(&SHOP);
    let output = preview(&project, &["-s", "d", "e"]);
    assert_eq!(output.status, 1);
    let start = output.stdout.find("model analytics.d").unwrap_or_default();
    let text = output.stdout.get(start..).unwrap_or_default();
    let want = "\
model analytics.d
  view; is not there yet (assumed)
  models/d.sql
error: Model `d` would fail: no rows
  ┌─ models/d.sql:1:18
  │
1 │ {% if execute %}{{ exceptions.raise_compiler_error('no rows') }}{% endif %}
  │                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  │
  = 1 node depends on it: e

model analytics.e
  view
  models/e.sql
  skipped: what it comes after fails
";
    assert!(text.contains("would fail: no rows"), "{text}");
    assert!(text.ends_with("  skipped: what it comes after fails\n"), "{text}");
    assert_eq!(without_label(text), without_label(want));
}

#[test]
fn a_snapshot_that_is_there_has_the_columns_that_dbt_gave_it() {
    let declared = "version: 2\nsnapshots:\n  - name: s\n    columns:\n      - {name: id, data_type: int}\n";
    let columns = |config: &str| {
        format!(
            "{{% snapshot s %}}{{{{ config(unique_key='id', strategy='check', check_cols=['id'], {config}) }}}}\nselect 1 as id\n{{% endsnapshot %}}\n{{% snapshot reader %}}{{{{ config(unique_key='id', strategy='check', check_cols='all', file_format='delta') }}}}\n{{% set s = ref('s') %}}\n-- {{% if execute %}}{{{{ adapter.get_columns_in_relation(s) | map(attribute='name') | join(' ') }}}}{{% endif %}}\nselect 1 as id\n{{% endsnapshot %}}\n"
        )
    };
    let usual = "-- id dbt_scd_id dbt_updated_at dbt_valid_from dbt_valid_to";
    for (properties, config, told) in [
        (
            "",
            "file_format='delta'",
            "-- /* every column of analytics.s */ dbt_scd_id dbt_updated_at dbt_valid_from dbt_valid_to",
        ),
        (declared, "file_format='delta'", usual),
        (declared, "file_format='iceberg'", usual),
        (
            declared,
            "file_format='delta', hard_deletes='new_record', snapshot_meta_column_names={'dbt_scd_id': 'key'}",
            "-- id key dbt_updated_at dbt_valid_from dbt_valid_to dbt_is_deleted",
        ),
    ] {
        let project = Project::new(&[
            ("snapshots/s.sql", columns(config).as_str()),
            ("snapshots/s.yml", properties),
        ]);
        let output = preview(&project, &["--command", "snapshot", "--run", "second"]);
        assert_eq!(output.status, 0, "{config}: {output:?}");
        assert!(
            output.stdout.contains(&format!(" {told}\n")),
            "{config}: {}",
            output.stdout
        );
        assert!(
            !output.stdout.contains("alter table"),
            "{config}: {}",
            output.stdout
        );
        assert!(
            output.stdout.contains("merge into "),
            "{config}: {}",
            output.stdout
        );
    }
}

#[test]
fn a_unit_test_on_columns_that_nobody_declares_is_not_said_to_fail() {
    let project = Project::new(&[
        ("models/m.sql", "select id from {{ source('raw', 'r') }}\n"),
        (
            "models/m.yml",
            "sources:\n  - name: raw\n    tables: [{name: r}]\nunit_tests:\n  - name: u\n    model: m\n    given:\n      - \
             input: source('raw', 'r')\n        rows: [{id: 1}]\n    expect:\n      rows: [{id: 1}]\n",
        ),
    ]);
    let output = preview(&project, &["--command", "test", "-q"]);
    assert_eq!(output.status, 1);
    let wanted = "cannot be played through by this version of Glueline: whether 'r' has a column 'id' is not known: say what is in \
                  the catalog with --catalog";
    assert!(output.stdout.contains(wanted), "{output:?}");
}

#[test]
fn what_is_too_much_for_glueline_is_not_said_to_fail() {
    let long = format!("select '{}' as x\n", "x".repeat(5 << 20));
    let project = Project::new(&[("models/long.sql", &*long)]);
    let output = preview(&project, &["-q"]);
    assert_eq!(output.status, 1);
    let wanted = "error: Model `long` cannot be played through by this version of Glueline: ";
    assert!(output.stdout.contains(wanted));
    assert!(!output.stdout.contains("would fail"));
}

/// The exact column of a label is for the renderer to say.
fn without_label(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.contains('^') && !line.contains('┌'));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_document_tells_what_steps_do() {
    let project = Project::new(&SHOP);
    project.write("catalog.json", COLUMNS);
    let document = json(&project, &["-s", "a", "--catalog", "catalog.json"]);
    assert_eq!(document["schema"], "glueline-preview/1");
    assert_eq!(
        document["session_bootstrap"]["create_session"][0]["Id"],
        "shop-dev"
    );
    assert_eq!(
        document["session_bootstrap"]["statements"],
        json!([{"kind": "python", "raw": "spark.sql('use analytics')"}])
    );
    let node = &document["nodes"][0];
    assert_eq!(
        (
            &node["status"],
            &node["before"],
            &node["replaced"],
            &node["unknown"]
        ),
        (&json!("success"), &json!("table"), &json!([]), &json!([]))
    );
    assert_eq!(
        node["api_calls"][0],
        json!({"seq": 1, "service": "glue", "op": "GetTable", "request": {"DatabaseName": "analytics", "Name": "a"},
            "title": "Ask Glue for table analytics.a", "effect": "reads", "danger": null})
    );
    let create = &node["statements"][1];
    assert_eq!(
        (&create["seq"], &create["kind"], &create["effect"]),
        (&json!(5), &json!("sql"), &json!("creates"))
    );
    assert_eq!(
        create["source"],
        json!([{"path": "models/a.sql", "start_line": 2, "end_line": 3}])
    );
    assert_eq!(create["danger"]["kind"], "replaces");
    assert_eq!(create["danger"]["rule"], "table-rerun-needs-conf");
    let spark = create["spark_sql"].as_array().unwrap();
    assert!(
        spark.len() == 1 && spark[0].as_str().unwrap().contains("'A' as letter"),
        "{spark:?}"
    );
}

#[test]
fn the_statements_alone_can_be_run() {
    let project = Project::new(&SHOP);
    let output = preview(&project, &["-s", "b", "-q", "--run", "second", "--output", "sql"]);
    let text = plain(&output.stdout);
    let wanted = "\
-- model.shop.b: Set hive.exec.dynamic.partition.mode to nonstrict, then overwrite partitions (ds) of analytics.b
-- replaces the partitions (ds) of analytics.b for which the query returns rows

    set hive.exec.dynamic.partition.mode=nonstrict
;


    insert overwrite table analytics.b
    partition (ds)
    select /* every column of analytics.b */ from b_tmp
;
";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn two_states_are_compared() {
    let project = Project::new(&SHOP);
    project.write("catalog.json", COLUMNS);
    project.write("empty.json", "{\"databases\": {}}");
    for (arguments, names) in [
        (&["--diff", "first..second"][..], ["first", "second"]),
        (
            &["--diff", "absent..catalog", "--catalog", "catalog.json"],
            ["absent", "catalog"],
        ),
        (
            &["--diff-catalog", "empty.json", "--catalog", "catalog.json"],
            ["empty.json", "catalog.json"],
        ),
    ] {
        let output = preview(&project, &[&["-s", "b", "c"], arguments].concat());
        let [before, after] = names;
        let heading = format!("--- model.shop.b ({before})\n+++ model.shop.b ({after})\n");
        assert!(
            output.stdout.starts_with(&heading),
            "{}{}",
            output.stdout,
            output.stderr
        );
        assert!(
            output
                .stdout
                .contains("\n+    create or replace temporary view b_tmp as")
        );
        assert!(!output.stdout.contains("model.shop.c ("), "{}", output.stdout);
        assert_eq!(
            (output.status, output.stderr.as_str()),
            (0, "Compared 2 nodes: 1 differ in what is sent\n")
        );
    }
}

#[test]
fn a_comparison_that_cannot_be_made_is_refused() {
    let project = Project::new(&SHOP);
    for (arguments, why) in [
        (
            &["--diff", "first"][..],
            "it is not two words with `..` between them",
        ),
        (&["--diff", "first..third"], "`third` is none of absent, exists,"),
        (&["--diff", "first..catalog"], "`catalog` needs --catalog"),
        (
            &["--diff", "first..second", "--output", "json"],
            "cannot be used with",
        ),
        (
            &["--diff", "first..second", "--run", "first"],
            "cannot be used with",
        ),
        (
            &["--diff-rev", "HEAD", "--diff-catalog", "x"],
            "cannot be used with",
        ),
        (&["--run", "first", "--assume", "view"], "cannot be used with"),
        (&["--diff-rev", "HEAD"], "is not in a git repository"),
        (&["--diff-rev", "--help"], "a value is required"),
    ] {
        let output = preview(&project, arguments);
        assert_eq!((output.status, output.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(output.stderr.contains(why), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn a_revision_of_git_is_compared_with() {
    let project = Project::new(&SHOP);
    let git = |arguments: &[&str]| {
        let status = Command::new("git")
            .args([
                "-c",
                "user.name=x",
                "-c",
                "user.email=x@example.org",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .current_dir(project.path("."))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output();
        // Where there is no git there is nothing to compare with.
        status.is_ok_and(|output| output.status.success())
    };
    project.write(".gitignore", "profiles.yml\n");
    if !git(&["init", "-q"]) {
        return;
    }
    assert!(git(&["add", "."]) && git(&["commit", "-q", "-m", "first"]));
    project.write("models/c.sql", "select id + 1 as id from {{ ref('b') }}\n");
    project.write("models/new.sql", "select 1 as x\n");
    let output = preview(&project, &["-s", "c", "new", "--diff-rev", "HEAD"]);
    let text = plain(&output.stdout);
    let want = "\
--- model.shop.c (HEAD)
+++ model.shop.c (now)
@@ -1,5 +1,5 @@

 create or replace view analytics.c as -- ours
-select id from analytics.b
+select id + 1 as id from analytics.b
 ;
--- /dev/null
+++ model.shop.new (now)
@@ -0,0 +1,5 @@
+
+create or replace view analytics.new as -- ours
+select 1 as x
+;
";
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert_eq!(text, want, "{}", output.stderr);
    project.write("models/c.sql", "select {{ ref('nothing') }}\n");
    assert!(git(&["commit", "-q", "-a", "-m", "torn"]));
    project.write("models/c.sql", "select 1 as id\n");
    let output = preview(&project, &["--diff-rev", "HEAD"]);
    assert_eq!(output.status, 1);
    assert_eq!(output.stderr, "warning: nothing can be compared with: HEAD\n");
    assert!(output.stdout.contains("models/c.sql:1:"), "{}", output.stdout);
    let output = preview(&project, &["--diff-rev", "nowhere"]);
    assert!(
        output
            .stderr
            .contains("--diff-rev nowhere: git knows no such revision in "),
        "{}",
        output.stderr
    );
    assert_eq!(output.status, 2);
}

#[test]
fn snapshots_that_are_there_have_the_columns_of_dbt() {
    let config = "file_format: delta, strategy: timestamp, unique_key: id, updated_at: at";
    let renamed =
        "hard_deletes: new_record, snapshot_meta_column_names: {dbt_valid_to: until, dbt_is_deleted: gone}";
    let file = format!(
        "snapshots:\n- {{name: plain, relation: ref('a'), config: {{{config}}}}}\n- {{name: own, relation: ref('a'), \
         config: {{{config}, {renamed}}}, columns: [{{name: id, data_type: int}}, {{name: DBT_SCD_ID, data_type: string}}]}}\n"
    );
    let project = Project::new(&SHOP);
    project.write("snapshots/s.yml", &file);
    let told = json(&project, &["--command", "snapshot", "--run", "second"]);
    let nodes: Vec<Value> = told["nodes"].as_array().map_or_else(Vec::new, Clone::clone);
    let states: Vec<(&Value, &Value, &Value)> = nodes
        .iter()
        .map(|node| (&node["unique_id"], &node["status"], &node["message"]))
        .collect();
    let none = Value::Null;
    assert_eq!(
        states,
        [
            (&json!("snapshot.shop.own"), &json!("success"), &none),
            (&json!("snapshot.shop.plain"), &json!("success"), &none)
        ]
    );
    let sent = told.to_string();
    // Columns that the stage is taken to share with the table need not be added to it.
    assert!(
        sent.contains("merge into analytics.plain")
            && sent.contains("merge into analytics.own")
            && !sent.contains("add columns"),
        "{sent}"
    );
}

#[test]
fn templates_see_the_command_and_its_flags() {
    let project = Project::new(&[
        (
            "models/a.sql",
            "select '{{ flags.WHICH }} {{ invocation_args_dict.which }} {{ flags.STORE_FAILURES }}' as said\n",
        ),
        (
            "models/a.yml",
            "models:\n  - name: a\n    columns:\n      - name: said\n        data_tests: [not_null]\n",
        ),
    ]);
    for (arguments, want) in [
        (&["--command", "run"][..], "run run False"),
        (&["--command", "build", "--store-failures"], "build build True"),
    ] {
        let nodes = &json(&project, arguments)["nodes"];
        let code = nodes[0]["compiled_code"].as_str().unwrap();
        assert!(code.contains(&format!("'{want}'")), "{code}");
    }
    let stored = |arguments: &[&str]| {
        let shown = json(&project, arguments);
        let statements = shown["nodes"][0]["statements"].as_array().unwrap();
        statements
            .iter()
            .any(|sent| sent.to_string().contains("_dbt_test__audit"))
    };
    assert!(!stored(&["--command", "test"]));
    assert!(stored(&["--command", "test", "--store-failures"]));
}
