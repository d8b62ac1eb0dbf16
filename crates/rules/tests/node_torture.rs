//! Configs of nodes broken in every way: no rule fails, and what is found and mended stands inside the text.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use glueline_base::{Diagnostic, FileRange};
use glueline_rules::page::{PageFile, PageProject};

/// Files with much to find in each way that a config is written.
const FILES: [(&str, &str); 6] = [
    (
        "models/orders.sql",
        "{{\n    config(\n        materialized='incremental',\n        incremental_strategy='merge',\n        \
         file_format='iceberg',\n        unique_key='id, é',\n        use_iceberg_temp_views=false,\n        \
         on_schema_change='fial',\n        incremental_predicates='a > 1',\n        \
         table_properties={'a': 1, 'é': none},\n        custom_location='s3a://b//x/',\n        \
         partition_by={'field': 'a'}\n    )\n}}\nselect 1 as id from {{ this }} -- é\n",
    ),
    (
        "models/daily.sql",
        "{{ config({'materialized': 'incremental', 'incremental_strategy': 'insert_overwrite', 'alias': 'D-é',\n  \
         'partition_by': ['days(é)']}) }}\nselect 1\n{% if is_incremental() %}\nunion all select * from {{ this }}\n{% \
         endif %}\n",
    ),
    (
        "models/late.py",
        "def model(dbt, session):\n    dbt.config(materialized=\"incremental\", file_format=\"Iceberg\", \
         custom_location=\"s3://b/x/y\")\n    return dbt.ref(\"orders\")\n",
    ),
    (
        "models/properties.yml",
        "models:\n  - name: late\n    config: {materialized: incremental, unique_key: [é]}\n  - name: plain\n    \
         description: it's\n    columns: [{name: é, description: ü}]\n    config:\n      materialized: table\n      \
         persist_docs: {relation: true, columns: true}\n      file_format: delta\n      buckets: 2\n      \
         grants: {select: [é]}\n",
    ),
    ("models/plain.sql", "select 1 as é"),
    (
        "snapshots/s.sql",
        "{% snapshot s %}{{ config(strategy='chekc', unique_key='id', check_cols='a, é', file_format='Delta') }}\n\
         select 1 as id{% endsnapshot %}\n{% snapshot t %}select 1{% endsnapshot %}\n",
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
        assert!(diagnostic.related.iter().all(|related| stands(related.at)));
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
    let found = check(&with("", ""));
    let rules: Vec<_> = found.iter().map(|diagnostic| diagnostic.rule).collect();
    assert!(rules.len() >= 20, "{rules:#?}");
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
fn other_line_ends_and_marks_are_read() {
    let rules = |change: fn(&str, &str) -> String| {
        let files: Vec<_> = FILES
            .iter()
            .map(|(path, text)| (*path, change(path, text)))
            .collect();
        let mut found: Vec<_> = check(&files).iter().map(|diagnostic| diagnostic.rule).collect();
        found.sort_unstable();
        found
    };
    let plain = rules(|_, text| text.to_owned());
    assert_eq!(rules(|_, text| text.replace('\n', "\r\n")), plain);
    // Python itself refuses the mark.
    let marked = |path: &str, text: &str| {
        let is_python = glueline_base::Utf8Path::new(path).extension() == Some("py");
        let mark = if is_python { "" } else { "\u{feff}" };
        format!("{mark}{text}")
    };
    // So does Spark where dbt hands it on; in the other models something else is said of their SQL already.
    let mut expected = plain;
    expected.push("spark-syntax-error");
    expected.sort_unstable();
    assert_eq!(rules(marked), expected);
}

#[test]
fn many_nodes_in_one_place_are_bounded() {
    let head = "{{ config(materialized='table', custom_location='s3://b/x') }}\nselect ";
    let files: Vec<_> = (0..300)
        .map(|number| (format!("models/m{number}.sql"), format!("{head}{number}")))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.clone()))
        .collect();
    let shared = check(&files)
        .into_iter()
        .filter(|diagnostic| diagnostic.rule == "shared-location");
    assert_eq!(shared.count(), 300);
}
