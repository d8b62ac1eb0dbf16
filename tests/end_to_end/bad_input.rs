//! Broken input is the normal case: each gets a finding at the right place and the right exit status, and nothing is lost.

use crate::common::{Project, Seen};

const MODEL: &str = "select 1 as id\n";

#[test]
fn no_project_here() {
    let project = Project::empty();
    let output = project.glueline(&["check"]);
    assert_eq!(output.status, 2, "{output:?}");
    assert!(output.stderr.contains("dbt_project.yml"), "{output:?}");
}

#[test]
fn no_profile() {
    let project = Project::new(&[("models/a.sql", MODEL)]);
    project.remove("profiles.yml");
    project.expect(1, &[Seen::new("profile-not-found", "dbt_project.yml", 2)]);
}

#[test]
fn a_target_that_the_profile_lacks() {
    let project = Project::new(&[("models/a.sql", MODEL)]);
    let output = project.glueline(&["check", "--output-format", "json", "--target", "nowhere"]);
    assert_eq!(output.status, 1);
    assert!(output.stdout.contains("target-not-found"), "{output:?}");
}

#[test]
fn an_unset_variable() {
    let project = Project::new(&[(
        "models/a.sql",
        "select '{{ env_var('GLUELINE_TEST_NOT_SET') }}' as x\n",
    )]);
    project.expect(1, &[Seen::new("missing-env-var", "models/a.sql", 1)]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere() {
    let project = Project::new(&[("models/a.sql", MODEL)]);
    std::os::unix::fs::symlink("gone.sql", project.path("models/b.sql")).unwrap();
    project.expect(1, &[Seen::new("unreadable-file", "models/b.sql", 1)]);
}

#[test]
fn bytes_that_are_not_utf8() {
    let project = Project::new(&[("models/b.sql", MODEL)]);
    std::fs::write(
        project.path("models/a.sql"),
        b"select 1 as id,\n  'caf\xe9' as x\n",
    )
    .unwrap();
    project.expect(1, &[Seen::new("not-utf8", "models/a.sql", 2)]);
}

#[test]
fn byte_order_mark_and_crlf() {
    let project = Project::new(&[
        (
            "models/a.sql",
            "\u{FEFF}{{ config(materialized='table' schema='x') }}\r\nselect 1 as id\r\n",
        ),
        (
            "models/s.yml",
            "\u{FEFF}models:\r\n  - name: b\r\n    description: {{ x }}\r\n",
        ),
    ]);
    project.expect(
        1,
        &[
            Seen::new("jinja-syntax", "models/a.sql", 1),
            Seen::new("yaml-syntax", "models/s.yml", 3),
        ],
    );
}

#[test]
fn torn_yaml_does_not_hide_the_rest() {
    let text = "models:\n  - name: a\n    columns:\n      - name: \"id\n  - name: nowhere\n";
    let project = Project::new(&[("models/a.sql", MODEL), ("models/s.yml", text)]);
    project.expect(1, &[Seen::new("yaml-syntax", "models/s.yml", 4)]);
}

#[test]
fn an_alias_bomb() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = level - 1;
        let items = vec![format!("*a{before}"); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    let project = Project::new(&[("models/a.sql", MODEL), ("models/s.yml", &text)]);
    let output = project.glueline(&["check", "--output-format", "json"]);
    assert!(matches!(output.status, 0 | 1), "{output:?}");
}

#[test]
fn tabs_and_duplicate_keys() {
    let project = Project::new(&[
        ("models/a.sql", MODEL),
        ("models/s.yml", "models:\n  - name: a\n\tdescription: x\n"),
        (
            "models/t.yml",
            "sources:\n  - name: raw\n    schema: one\n    schema: two\n    tables: []\n",
        ),
    ]);
    project.expect(
        1,
        &[
            Seen::new("yaml-syntax", "models/s.yml", 3),
            Seen::new("duplicate-yaml-key", "models/t.yml", 4),
        ],
    );
}

#[test]
fn half_a_jinja_tag() {
    let project = Project::new(&[
        ("models/a.sql", "select {{ 1 as id\n"),
        ("models/b.sql", "{% if x %}\nselect 1\n"),
    ]);
    project.expect(
        1,
        &[
            Seen::new("jinja-syntax", "models/a.sql", 1),
            Seen::new("jinja-syntax", "models/b.sql", 1),
        ],
    );
}

#[test]
fn deep_nesting() {
    let sql = format!(
        "select {{{{ {}1{} }}}} as id\n",
        "(".repeat(100_000),
        ")".repeat(100_000)
    );
    let yaml = format!("models: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let project = Project::new(&[("models/a.sql", &sql), ("models/s.yml", &yaml)]);
    project.expect(
        1,
        &[
            Seen::new("jinja-syntax", "models/a.sql", 1),
            Seen::new("yaml-syntax", "models/s.yml", 1),
        ],
    );
}

#[cfg(unix)]
#[test]
fn a_loop_of_links() {
    let project = Project::new(&[("models/a.sql", MODEL)]);
    std::os::unix::fs::symlink(".", project.path("models/again")).unwrap();
    std::os::unix::fs::symlink("..", project.path("models/up")).unwrap();
    let output = project.glueline(&["check"]);
    assert_eq!(output.status, 0, "{output:?}");
    assert!(output.stdout.contains("(1 model)"), "{output:?}");
}

#[test]
fn a_seed_of_fifty_megabytes() {
    let project = Project::new(&[("models/a.sql", MODEL)]);
    let row = "1234567,some text of a middling length,2024-01-01,3.14,true\n";
    let mut text = String::from("id,name,day,amount,flag\n");
    while text.len() < 50 * 1024 * 1024 {
        text.push_str(row);
    }
    std::fs::create_dir_all(project.path("seeds")).unwrap();
    std::fs::write(project.path("seeds/big.csv"), text).unwrap();
    let output = project.glueline(&["check", "--output-format", "json"]);
    assert!(matches!(output.status, 0 | 1), "{}", output.stderr);
}

#[test]
fn a_model_of_a_hundred_thousand_lines() {
    let mut text = String::from("select\n");
    for line in 0..100_000 {
        text.push_str(&format!("    {{{{ var('v{line}', 1) }}}} as c{line},\n"));
    }
    text.push_str("    {{ ref('nowhere') }}\n");
    let project = Project::new(&[("models/a.sql", &text)]);
    project.expect(1, &[Seen::new("missing-ref", "models/a.sql", 100_002)]);
}

#[test]
fn a_local_package_outside_the_project() {
    let project = Project::new(&[
        ("models/a.sql", MODEL),
        ("packages.yml", "packages:\n  - local: ../elsewhere\n"),
    ]);
    let output = project.glueline(&["check", "--output-format", "json"]);
    assert_eq!(output.status, 1, "{output:?}");
    assert!(output.stdout.contains("packages.yml"), "{output:?}");
}

#[test]
fn two_models_of_one_name() {
    let project = Project::new(&[("models/a.sql", MODEL), ("models/deep/a.sql", MODEL)]);
    project.expect(1, &[Seen::new("duplicate-name", "models/deep/a.sql", 1)]);
}

#[test]
fn models_that_read_each_other() {
    let project = Project::new(&[
        ("models/a.sql", "select * from {{ ref('b') }}\n"),
        ("models/b.sql", "select * from {{ ref('a') }}\n"),
    ]);
    project.expect(1, &[Seen::new("dependency-cycle", "models/b.sql", 1)]);
}

#[test]
fn secrets_are_never_printed() {
    let project = Project::new(&[(
        "models/a.sql",
        "{{ config(materialized=env_var('DBT_ENV_SECRET_X')) }} select 1\n",
    )]);
    let output = project.glueline_with(
        &["check", "--output-format", "json"],
        &[("DBT_ENV_SECRET_X", "hunter2-token")],
    );
    assert!(
        !output.stdout.contains("hunter2") && !output.stderr.contains("hunter2"),
        "{output:?}"
    );
}
