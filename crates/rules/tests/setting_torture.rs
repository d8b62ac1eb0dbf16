//! Settings of every kind of node, seeds and Python models broken in every way: no rule fails, and what is found and
//! mended stands inside the text.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use glueline_base::{Diagnostic, FileRange};
use glueline_rules::page::{PageFile, PageProject};

/// Files with much to find.
const FILES: [(&str, &str); 8] = [
    (
        "dbt_project.yml",
        "name: shop\nversion: '1'\nprofile: shop\nquery-comment: \"é */ {{ x }}\"\non-run-start: ['set é=1; drop é']\n\
         models:\n  shop:\n    stagin: {+materialized: view}\n    persist_docs: {relation: true}\n    +databse: é\n    \
         +enabled: 'true'\nseeds: {shop: {+quote_columns: true, +alias: é}}\n",
    ),
    (
        "models/orders.sql",
        "{{ config(materialized='table', partitioned_by=['é'], databse='x', database='é', sql_header='set é', \
         meta={'tags': 'é', 'location': 'é', 'use_arrow': false}, lf_tags_config={'enabled': true, 'tag_table': 1, \
         'drop_existing': true, 'tags_database': {'é': ['x']}}, pre_hook=[{'sql': 'a; é', 'transaction': false}, 3], \
         access='Public') }}\n{% set é %} drop é {% endset %}{% do run_query(é) %}{% do run_query('create é') %}\nselect 1\n",
    ),
    (
        "models/customers.sql",
        "{{ config(materialized='view', lf_grants={'data_cell_filters': {'enabled': true, 'filtrs': {}, 'filters': \
         {'é': {'excluded_columns_names': ['é'], 'column_names': ['é'], 'excluded_column_names': ['é'], 'principals': \
         'é'}, 'ü': 3}}}) }}\nselect 1\n",
    ),
    (
        "models/segments.py",
        "def model(dbt, session):\n    dbt.config(materialized=\"incremental\", incremental_strategy=\"append\", \
         packages=[\"é\"])\n    if dbt.is_incremental:\n        é = dbt.ref(é)\n    return é\n",
    ),
    (
        "models/plain.py",
        "def model(dbt, é):\n    dbt.config()\n    return dbt.ref(\"orders\")\n",
    ),
    (
        "models/models.yml",
        "models:\n  - name: orders\n    config: {alias: 3, tags: [1]}\n    meta: {workers: \"é\"}\nsources:\n  - name: raw\n    \
         database: é\n    tables: [{name: é}]\nunit_tests:\n  - {name: é, model: orders, given: [], expect: {rows: []}}\n",
    ),
    ("seeds/prices.csv", "code,é,é,\n007,9007199254740993\n\n1,\"2,3\n"),
    (
        "seeds/seeds.yml",
        "seeds:\n  - name: prices\n    config: {column_types: {cod: é}, post-hook: {sql: é, transaction: false}}\n",
    ),
];

fn check(files: &[(&str, String)]) -> Vec<Diagnostic> {
    let files = files.iter().map(|(path, text)| PageFile {
        path: (*path).to_owned(),
        text: text.clone(),
        marked: Vec::new(),
    });
    let page = PageProject {
        faulty: true,
        title: String::new(),
        files: files.collect(),
        line: 1,
    };
    let project = crate::common::project(&crate::common::system(&page)).unwrap();
    let found = glueline_rules::check(&project);
    let stands = |at: FileRange| {
        let text = &project.project().files().source(at.file).text;
        text.get(std::ops::Range::<usize>::from(at.range)).is_some()
    };
    for diagnostic in &found {
        assert_ne!(diagnostic.rule, "internal-error", "{}", diagnostic.message);
        assert!(stands(diagnostic.at), "{}", diagnostic.message);
        assert!(
            diagnostic.related.iter().all(|related| stands(related.at)),
            "{}",
            diagnostic.message
        );
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
        assert!(edits.map(|edit| edit.at).all(stands), "{}", diagnostic.message);
    }
    found
}

/// All files, one of them changed.
fn with(changed: &str, text: &str) -> Vec<(&'static str, String)> {
    let text_of = |path: &str, whole: &str| {
        if path == changed {
            text.to_owned()
        } else {
            whole.to_owned()
        }
    };
    FILES
        .iter()
        .map(|(path, whole)| (*path, text_of(path, whole)))
        .collect()
}

#[test]
fn much_is_found_in_the_whole() {
    let mut rules: Vec<_> = check(&with("", ""))
        .iter()
        .map(|diagnostic| diagnostic.rule)
        .collect();
    rules.sort_unstable();
    rules.dedup();
    assert!(rules.len() >= 35, "{rules:#?}");
}

#[test]
fn every_prefix_is_read() {
    for (path, text) in FILES {
        for (at, _) in text.char_indices() {
            check(&with(path, text.get(..at).unwrap()));
        }
    }
}

/// What gives a text its shape is what hurts to lose.
#[test]
fn every_loss_of_a_sign_is_read() {
    for (path, text) in FILES {
        for (at, lost) in text
            .char_indices()
            .filter(|(_, c)| !c.is_ascii_alphanumeric() && *c != ' ')
        {
            let (before, after) = (text.get(..at).unwrap(), text.get(at + lost.len_utf8()..).unwrap());
            check(&with(path, &format!("{before}{after}")));
        }
    }
}

#[test]
fn other_line_ends_are_read() {
    let files: Vec<_> = FILES
        .iter()
        .map(|(path, text)| (*path, text.replace('\n', "\r\n")))
        .collect();
    check(&files);
    let files: Vec<_> = FILES
        .iter()
        .map(|(path, text)| (*path, format!("\u{feff}{text}")))
        .collect();
    check(&files);
}

/// A setting for a folder is one line to mend, however many nodes it strikes.
#[test]
fn a_setting_for_a_folder_is_reported_once() {
    let project = "name: shop\nprofile: shop\nmodels:\n  shop:\n    +materialized: table\n    +partitioned_by: [a]\n    \
                   +meta: x\n    +lf_tags_config: {enable: true}\n    +pre-hook: a; b\n";
    let mut files = vec![("dbt_project.yml".to_owned(), project.to_owned())];
    files.extend((0..300).map(|number| (format!("models/m{number}.sql"), "select 1 as id".to_owned())));
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.clone()))
        .collect();
    let found = check(&files);
    for rule in [
        "foreign-config-key",
        "wrong-config-type",
        "unknown-lf-key",
        "several-statements-in-hook",
    ] {
        let count = found.iter().filter(|diagnostic| diagnostic.rule == rule).count();
        assert_eq!(count, 1, "{rule}");
    }
}
