//! LF-tags: which there are, and what carries them.

use serde_json::{Value, json};

use super::{Lake, map};
use crate::answer::{Answer, Refusal, items, page, text};
use crate::glue::ACCOUNT;

pub(super) fn answer(lake: &Lake, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "CreateLFTag" => create(lake, input),
        "GetLFTag" => get(lake, input),
        "ListLFTags" => {
            let all = lake.look(|kept| pairs(kept.get("tags")));
            page(input, "LFTags", all)
        }
        "DeleteLFTag" => delete(lake, input),
        "GetResourceLFTags" => carried(lake, input),
        "AddLFTagsToResource" => add(lake, input),
        "RemoveLFTagsFromResource" => remove(lake, input),
        _ => return None,
    })
}

fn create(lake: &Lake, input: &Value) -> Answer {
    let key = text(input, "TagKey")?.to_lowercase();
    let values: Vec<String> = values(input).collect();
    lake.change(|kept| {
        let tags = map(kept, "tags")?;
        if tags.contains_key(&key) {
            return Err(Refusal::new("AlreadyExistsException", "Tag key already exists"));
        }
        tags.insert(key, json!(values));
        Ok(json!({}))
    })
}

fn get(lake: &Lake, input: &Value) -> Answer {
    let key = text(input, "TagKey")?.to_lowercase();
    let found = lake.look(|kept| kept.get("tags").and_then(|tags| tags.get(&key)).cloned());
    let values = found.ok_or_else(|| Refusal::not_found(format!("Tag key {key} does not exist")))?;
    Ok(json!({"CatalogId": ACCOUNT, "TagKey": key, "TagValues": values}))
}

fn delete(lake: &Lake, input: &Value) -> Answer {
    let key = text(input, "TagKey")?.to_lowercase();
    lake.change(|kept| {
        if map(kept, "tags")?.remove(&key).is_none() {
            return Err(Refusal::not_found(format!("Tag key {key} does not exist")));
        }
        for (_, carried) in map(kept, "assigned")?.iter_mut() {
            if let Some(carried) = carried.as_object_mut() {
                carried.remove(&key);
            }
        }
        Ok(json!({}))
    })
}

/// What a database or table carries itself. Tags of a database are not shown again on its tables: whether AWS lets one remove an
/// inherited tag, which dbt-glue tries with `drop_existing`, nobody has seen.
fn carried(lake: &Lake, input: &Value) -> Answer {
    let resource = input.get("Resource").unwrap_or(&Value::Null);
    let names = carriers(resource)?;
    lake.look(|kept| {
        let assigned = kept.get("assigned").cloned().unwrap_or_default();
        let tags_of = |name: &str| assigned.get(name);
        if let Some(database) = resource.get("Database") {
            let name = text(database, "Name")?.to_lowercase();
            return Ok(json!({"LFTagOnDatabase": pairs(tags_of(&format!("database/{name}")))}));
        }
        let Some(table) = names.first().and_then(|name| name.split('/').nth(1)) else {
            return Err(Refusal::invalid("`Resource` names nothing that carries tags."));
        };
        let database = table.split('.').next().unwrap_or_default();
        let of_database = tags_of(&format!("database/{database}"));
        let prefix = format!("column/{table}/");
        let columns: Vec<Value> = assigned
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, tags)| {
                let column = name.strip_prefix(&prefix)?;
                let tags = pairs(Some(tags));
                (!tags.is_empty()).then(|| json!({"Name": column, "LFTags": tags}))
            })
            .collect();
        Ok(json!({
            "LFTagOnDatabase": pairs(of_database),
            "LFTagsOnTable": pairs(tags_of(&format!("table/{table}"))),
            "LFTagsOnColumns": columns,
        }))
    })
}

fn add(lake: &Lake, input: &Value) -> Answer {
    let names = carriers(input.get("Resource").unwrap_or(&Value::Null))?;
    lake.change(|kept| {
        let known = map(kept, "tags")?.clone();
        let mut failures = Vec::new();
        for tag in items(input, "LFTags") {
            let key = text(tag, "TagKey")?.to_lowercase();
            let Some(value) = values(tag).next() else {
                return Err(Refusal::invalid("`TagValues` is empty."));
            };
            let allowed = known.get(&key).and_then(Value::as_array);
            if !allowed.is_some_and(|allowed| allowed.iter().any(|one| one.as_str() == Some(&value))) {
                failures.push(failure(tag, "Tag or tag value does not exist."));
                continue;
            }
            for name in &names {
                map(map(kept, "assigned")?, name)?.insert(key.clone(), value.clone().into());
            }
        }
        Ok(json!({"Failures": failures}))
    })
}

fn remove(lake: &Lake, input: &Value) -> Answer {
    let names = carriers(input.get("Resource").unwrap_or(&Value::Null))?;
    lake.change(|kept| {
        let mut failures = Vec::new();
        for tag in items(input, "LFTags") {
            let key = text(tag, "TagKey")?.to_lowercase();
            let mut found = false;
            for name in &names {
                found |= map(map(kept, "assigned")?, name)?.remove(&key).is_some();
            }
            if !found {
                failures.push(failure(tag, "The tag is not on the resource."));
            }
        }
        Ok(json!({"Failures": failures}))
    })
}

fn failure(tag: &Value, message: &str) -> Value {
    json!({"LFTag": tag, "Error": {"ErrorCode": "EntityNotFoundException", "ErrorMessage": message}})
}

/// The names under which tags are kept: `database/D`, `table/D.T`, `column/D.T/C`.
fn carriers(resource: &Value) -> Result<Vec<String>, Refusal> {
    if let Some(database) = resource.get("Database") {
        return Ok(vec![format!(
            "database/{}",
            text(database, "Name")?.to_lowercase()
        )]);
    }
    let place = |table: &Value| -> Result<String, Refusal> {
        Ok(format!("{}.{}", text(table, "DatabaseName")?, text(table, "Name")?).to_lowercase())
    };
    if let Some(table) = resource.get("Table") {
        return Ok(vec![format!("table/{}", place(table)?)]);
    }
    if let Some(table) = resource.get("TableWithColumns") {
        let place = place(table)?;
        let columns = items(table, "ColumnNames").iter().filter_map(Value::as_str);
        return Ok(columns
            .map(|column| format!("column/{place}/{}", column.to_lowercase()))
            .collect());
    }
    Err(Refusal::invalid("`Resource` names nothing that carries tags."))
}

fn values(tag: &Value) -> impl Iterator<Item = String> {
    items(tag, "TagValues")
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
}

/// Keys with a value or values each, as Lake Formation lists them.
fn pairs(tags: Option<&Value>) -> Vec<Value> {
    let tags = tags.and_then(Value::as_object).into_iter().flatten();
    tags.map(|(key, value)| {
        let values = if value.is_array() {
            value.clone()
        } else {
            json!([value])
        };
        json!({"CatalogId": ACCOUNT, "TagKey": key, "TagValues": values})
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Lake, answer};

    fn asked(lake: &Lake, operation: &str, input: &Value) -> Value {
        answer(lake, operation, input).unwrap().unwrap()
    }

    #[test]
    fn a_tag_has_to_be_there_before_it_is_given() {
        let folder = std::env::temp_dir().join(format!("glueline-lake-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("lake.json");
        let lake = Lake::open(file.clone()).unwrap();
        let table = json!({"Table": {"DatabaseName": "d", "Name": "T"}});
        let tag = json!([{"TagKey": "Domain", "TagValues": ["Sales"]}]);
        let given = asked(
            &lake,
            "AddLFTagsToResource",
            &json!({"Resource": table, "LFTags": tag}),
        );
        assert_eq!(given["Failures"].as_array().unwrap().len(), 1);
        asked(
            &lake,
            "CreateLFTag",
            &json!({"TagKey": "domain", "TagValues": ["sales", "web"]}),
        );
        let given = asked(
            &lake,
            "AddLFTagsToResource",
            &json!({"Resource": table, "LFTags": tag}),
        );
        assert_eq!(given, json!({"Failures": []}));
        asked(
            &lake,
            "AddLFTagsToResource",
            &json!({"Resource": {"Database": {"Name": "d"}}, "LFTags": [{"TagKey": "domain", "TagValues": ["web"]}]}),
        );

        let lake = Lake::open(file).unwrap();
        let seen = asked(&lake, "GetResourceLFTags", &json!({"Resource": table}));
        assert_eq!(seen["LFTagsOnTable"][0]["TagValues"], json!(["sales"]));
        assert_eq!(seen["LFTagOnDatabase"][0]["TagValues"], json!(["web"]));
        asked(
            &lake,
            "RemoveLFTagsFromResource",
            &json!({"Resource": table, "LFTags": tag}),
        );
        let seen = asked(&lake, "GetResourceLFTags", &json!({"Resource": table}));
        assert_eq!(seen["LFTagsOnTable"], json!([]));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
