//! What a unit test and its inputs are while they are compiled and run: nodes that dbt makes for the occasion
//! (`UnitTestManifestLoader` in `dbt/parser/unit_tests.py`).

use glueline_template::Value;

use super::node::raw_code;
use super::of_node;
use crate::compile::Part;
use crate::host::NodeHost;
use crate::info::{dict_of_unit_test, of_input};
use crate::relation::Relation;

/// `model` while a part of a unit test is rendered.
pub(crate) fn of_unit_test(host: &NodeHost, part: &Part) -> Value {
    let shared = &host.shared;
    let project = &shared.project;
    let test = part.test();
    let like = part.input().map_or(test.node, |input| input.original);
    let made = of_node(shared, like, true);
    let Value::Dict(fields) = &made else {
        return made;
    };
    let path = project.files().info(test.place.file).original.as_str();
    fields.insert_str("original_file_path", Value::str(path));
    let relation = Relation::this(host)
        .map(|relation| relation.path)
        .unwrap_or_default();
    let (name, code, config) = match part.input() {
        Some(input) => {
            fields.insert_str("resource_type", Value::str("model"));
            fields.insert_str("unique_id", Value::str(&input.unique_id));
            (input.name(shared).to_owned(), input.text.clone(), of_input())
        }
        None => {
            let code = raw_code(shared, project.node(test.tested));
            fields.insert_str(
                "tested_node_unique_id",
                Value::str(&project.node(test.tested).unique_id),
            );
            (test.name.to_string(), code, test.config.clone())
        }
    };
    fields.insert_str("path", Value::from(format!("{name}.sql")));
    fields.insert_str("name", Value::from(name));
    fields.insert_str("raw_code", Value::from(code));
    fields.insert_str("config", dict_of_unit_test(&config, true));
    fields.insert_str("language", Value::str("sql"));
    for (key, value) in [
        ("database", relation.database),
        ("schema", relation.schema),
        ("alias", relation.identifier),
    ] {
        fields.insert_str(key, Value::from(value.as_deref()));
    }
    made
}
