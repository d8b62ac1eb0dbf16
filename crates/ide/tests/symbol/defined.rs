//! Where it is defined.

use glueline_base::slice;
use glueline_ide::symbol::{self, definitions};

use super::PROJECT;
use crate::common::{Fixture, fixture};

/// Where what stands at each caret is defined: `path: name`, with `file` for a file as a whole.
fn defined(text: &str) -> Vec<String> {
    let Fixture { analysis, carets } = fixture(text);
    let mut shown = Vec::new();
    for found in carets
        .into_iter()
        .filter_map(|caret| symbol::at(&analysis, caret))
    {
        let places = definitions(&analysis, &found.symbol);
        let places: Vec<String> = places
            .iter()
            .map(|place| {
                assert!(place.full.range.contains_range(place.name.range));
                let path = &analysis.project().files().info(place.full.file).shown;
                let name = slice(analysis.text(place.name.file), place.name.range);
                let name = if name.is_empty() { "file" } else { name };
                format!("{path}: {name}")
            })
            .collect();
        shown.push(places.join(", "));
    }
    shown
}

#[test]
fn places_of_definitions() {
    let text = format!(
        "{PROJECT}//- models/m.sql\n{{{{ ref('or$0ders') }}}}{{{{ ref('dim$0', v=1) }}}}{{{{ ref('dim$0', v=7) }}}}{{{{ source('r$0aw', 'ev$0ents') }}}}{{{{ ref('hi$0story') }}}}{{{{ ref('coun$0tries') }}}}{{{{ ce$0nts(dig$0its=1) }}}}{{{{ doc('ab$0out') }}}}{{{{ da$0tes.month() }}}}{{{{ is_incremental$0() }}}}{{{{ var('st$0art') }}}}{{% set a = 1 %}}{{{{ a$0 }}}}\n//- dbt_project.yml\nname: shop\nprofile: shop\nvars:\n  start: 1\n  dates:\n    start: 2\n"
    );
    assert_eq!(
        defined(&text),
        [
            "models/orders.sql: file",
            "models/dim_v1.sql: file",
            "models/dim_v1.sql: file, models/dim_v2.sql: file",
            "models/schema.yml: raw",
            "models/schema.yml: events",
            "snapshots/history.sql: history",
            "seeds/countries.csv: file",
            "macros/m.sql: cents",
            "macros/m.sql: digits",
            "models/docs.md: about",
            "packages/dates/dbt_project.yml: dates",
            "",
            "dbt_project.yml: start, dbt_project.yml: start",
            "models/m.sql: a",
        ]
    );
}
