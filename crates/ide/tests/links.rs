//! Texts that lead to another document.

use crate::common::fixture;
use crate::labels::places::place;
use glueline_base::slice;
use glueline_ide::links::{LinkTarget, links};

#[test]
fn links_of_files() {
    for (text, expected) in [
        (
            "//- packages.yml\n$0packages:\n  - local: packages/dates\n  - package: dbt-labs/dbt_utils\n    version: 1.0.0\n  - git: https://example.com/x.git\n//- packages/dates/dbt_project.yml\nname: dates\n",
            vec![
                "packages/dates -> packages/dates/dbt_project.yml:1 dates",
                "dbt-labs/dbt_utils -> https://hub.getdbt.com/dbt-labs/dbt_utils/",
                "https://example.com/x.git -> https://example.com/x.git",
            ],
        ),
        (
            "//- models/a.sql\nselect 1\n//- models/d.md\n\n{% docs about %}x{% enddocs %}\n//- models/s.yml\n$0models:\n  - name: a\n    description: \"{{ doc('about') }} {{ doc('no') }}\"\n",
            vec!["about -> models/d.md:2 about"],
        ),
        (
            "//- models/a.sql\n$0{{ ref('b') }}\n//- models/b.sql\nselect 1\n",
            vec![],
        ),
        (
            "//- dbt_project.yml\n$0name: shop\nprofile: shop\nmodel-paths: [models]\n",
            vec![],
        ),
        (
            "//- models/a.sql\nselect 1\n//- tests/fixtures/rows.csv\na\n1\n//- models/s.yml\n$0unit_tests:\n  - name: u\n    model: a\n    given: []\n    expect: {format: csv, fixture: rows}\n",
            vec!["rows -> tests/fixtures/rows.csv:1"],
        ),
    ] {
        let fixture = fixture(text);
        let file = fixture.caret().file;
        let found: Vec<String> = links(&fixture.analysis, file)
            .into_iter()
            .map(|link| {
                let written = slice(fixture.analysis.text(file), link.range);
                match link.target {
                    LinkTarget::Place(target) => {
                        format!("{written} -> {}", place(&fixture.analysis, target.name))
                    }
                    LinkTarget::Address(address) => format!("{written} -> {address}"),
                }
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}
