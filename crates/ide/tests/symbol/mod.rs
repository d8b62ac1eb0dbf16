//! What stands under the cursor.

#[cfg(test)]
mod defined;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod yaml;

use crate::common::{Fixture, fixture};
use crate::labels::label;
use glueline_base::slice;
use glueline_ide::symbol;

/// What stands at each caret, with the text it covers: `covered = what`, or `-`.
fn found(text: &str) -> Vec<String> {
    let Fixture { analysis, carets } = fixture(text);
    carets
        .iter()
        .map(|caret| match symbol::at(&analysis, *caret) {
            None => "-".to_owned(),
            Some(found) => {
                let written = slice(analysis.text(found.range.file), found.range.range);
                format!("{written} = {}", label(&analysis, &found.symbol))
            }
        })
        .collect()
}

/// Checks what stands at each caret.
pub(crate) fn check(text: &str, expected: &[&str]) {
    let last = text.rsplit("//- ").next().unwrap_or_default();
    assert_eq!(found(text), expected, "{last}");
}

/// A project to point into.
pub(crate) const PROJECT: &str = "\
//- models/orders.sql
select 1 as id
//- models/schema.yml
models:
  - name: orders
  - name: dim
    latest_version: 2
    versions:
      - v: 1
      - v: 2
sources:
  - name: raw
    tables:
      - name: events
//- models/dim_v1.sql
select 1 as id
//- models/dim_v2.sql
select 1 as id
//- seeds/countries.csv
code
de
//- snapshots/history.sql
{% snapshot history %}select 1{% endsnapshot %}
//- models/docs.md
{% docs about %}About.{% enddocs %}
//- macros/m.sql
{% macro cents(amount, digits=2) %}{{ amount }}{% endmacro %}
{% test positive(model, column_name) %}select 1{% endtest %}
{% macro shape(x) %}{{ return(adapter.dispatch('shape', 'shop')(x)) }}{% endmacro %}
{% macro default__shape(x) %}{% endmacro %}
{% macro glue__shape(x) %}{% endmacro %}
//- packages.yml
packages:
  - local: packages/dates
//- packages/dates/dbt_project.yml
name: dates
//- packages/dates/models/days.sql
select 1 as day
//- packages/dates/macros/d.sql
{% macro month(of) %}{% endmacro %}
";

#[test]
fn rules_where_they_are_named() {
    check(
        "//- glueline.toml\n# missing-ref$0\n[rules]\nmissing-$0ref = \"off\" # dead-config$0\nno-such$0 = \"off\"\n",
        &["-", "missing-ref = rule missing-ref", "-", "-"],
    );
    check(
        "//- models/a.sql\nselect 1 -- glueline: allow(missing-re$0f, no$0)\n{# glueline: allow-file(missing-ref$0 #}\n-- missing-ref$0\n",
        &[
            "missing-ref = rule missing-ref",
            "-",
            "missing-ref = rule missing-ref",
            "-",
        ],
    );
    check(
        "//- models/s.yml\nmodels: [] # glueline: allow(missing-ref$0)\n",
        &["missing-ref = rule missing-ref"],
    );
}
