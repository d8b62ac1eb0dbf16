//! Projects with more names than a list has room for.

use glueline_ide::completion::{Completions, complete};
use glueline_ide::{Analysis, Change, FilePosition};

use super::{labels, project};

const HERE: &str = "models/marts/half.sql";

/// The project after files got other texts.
fn edited(analysis: &Analysis, texts: impl IntoIterator<Item = (String, String)>) -> Analysis {
    let changes = texts.into_iter().map(|(path, text)| Change {
        path: format!("/repo/{path}").into(),
        text: Some(text.into()),
    });
    let changes: Vec<Change> = changes.collect();
    analysis.edited(&changes).expect("a project")
}

/// What is offered once a text, with a caret, stands in a file; and the project then.
fn typed(analysis: &Analysis, text: &str) -> (Analysis, Completions) {
    let (before, after) = text.split_once("$0").expect("a caret");
    let analysis = edited(analysis, [(HERE.to_owned(), format!("{before}{after}"))]);
    let file = analysis.file(format!("/repo/{HERE}").as_str().into());
    let at = FilePosition {
        file: file.expect("a file"),
        offset: u32::try_from(before.len()).unwrap().into(),
    };
    let found = complete(&analysis, at, None);
    (analysis, found)
}

fn model(number: usize) -> String {
    format!("models/far/away/m{number:03}.sql")
}

#[test]
fn the_nearest_models_come_first_and_the_rest_with_more_letters() {
    let (analysis, ..) = project(HERE, "$0");
    let analysis = edited(
        &analysis,
        (0..300).map(|number| (model(number), "select 1".to_owned())),
    );
    let (analysis, found) = typed(&analysis, "{{ ref('$0') }}");
    assert!(found.is_incomplete);
    let all = labels(&found);
    // The packages come besides.
    let models = all.len() - 2;
    assert_eq!(models, 100);
    assert_eq!(all[..2], ["dim", "orders"]);
    let far = all.iter().position(|label| *label == "m000").expect("a far one");
    assert!(all[..far].contains(&"stg_orders"), "{all:?}");
    let numbers: Vec<String> = (0..models - far).map(|number| format!("m{number:03}")).collect();
    assert_eq!(all[far..models], numbers);

    let (analysis, found) = typed(&analysis, "{{ ref('m29$0') }}");
    assert!(!found.is_incomplete);
    let numbers: Vec<String> = (290..300).map(|number| format!("m{number}")).collect();
    assert_eq!(labels(&found)[..numbers.len()], numbers);

    // What the list is picked from follows every edit.
    let off = "{{ config(enabled=false) }} select 1".to_owned();
    let analysis = edited(&analysis, [(model(291), off), (model(1000), String::new())]);
    let analysis = edited(&analysis, [(model(292), "select 2 -- x".to_owned())]);
    let (analysis, found) = typed(&analysis, "{{ ref('m29$0') }} ");
    assert!(!labels(&found).contains(&"m291"));
    let numbers: Vec<String> = [290]
        .into_iter()
        .chain(292..300)
        .map(|n| format!("m{n}"))
        .collect();
    assert_eq!(labels(&found)[..numbers.len()], numbers);
    let (_, found) = typed(&analysis, "{{ ref('m100$0') }}");
    assert_eq!(labels(&found)[..2], ["m100", "m1000"]);
}

#[test]
fn what_would_close_a_circle_comes_last() {
    let (analysis, ..) = project(HERE, "$0");
    let reads = |name: &str| format!("select * from {{{{ ref('{name}') }}}}");
    let chain = [("aaa", "half"), ("bbb", "aaa")];
    let chain = chain.map(|(name, read)| (format!("models/marts/{name}.sql"), reads(read)));
    let (_, found) = typed(&edited(&analysis, chain), "{{ ref('$0') }}");
    let all = labels(&found);
    let packages = ["dbt_utils", "shop"];
    assert_eq!(
        all[all.len() - 4..],
        [&["aaa", "bbb"], &packages[..]].concat(),
        "{all:?}"
    );
}

#[test]
fn tables_of_many_sources() {
    let (analysis, ..) = project(HERE, "$0");
    let tables: Vec<String> = (0..300)
        .map(|number| format!("      - name: t{number:03}\n"))
        .collect();
    let sources = format!("sources:\n  - name: wide\n    tables:\n{}", tables.concat());
    let analysis = edited(&analysis, [("models/wide.yml".to_owned(), sources)]);
    let (analysis, found) = typed(&analysis, "select * from $0");
    assert!(found.is_incomplete);
    assert!(labels(&found).contains(&"orders"));
    let (_, found) = typed(&analysis, "select * from t29$0");
    let tables: Vec<String> = (290..300).map(|number| format!("wide.t{number}")).collect();
    assert!(!found.is_incomplete);
    assert_eq!(labels(&found)[..10], tables);
}
