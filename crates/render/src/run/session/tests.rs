use glueline_base::{MemSystem, System};
use glueline_project::{LoadOptions, load};

use serde_json::json;

use super::*;
use crate::{Renderer, Settings};

fn shared(profile: &Json, name: &str, meta: &Json) -> Arc<Shared> {
    shared_of("1.12.4", profile, name, meta)
}

fn shared_of(release: &str, profile: &Json, name: &str, meta: &Json) -> Arc<Shared> {
    let mut system = MemSystem::new();
    system.write("p/requirements.txt", format!("dbt-glue=={release}"));
    system.write(
        "p/dbt_project.yml",
        "name: p\nversion: '1.0.0'\nprofile: lake\n".to_owned(),
    );
    let profiles = json!({"lake": {"target": "dev", "outputs": {"dev": profile}}});
    system.write("p/profiles.yml", profiles.to_string());
    let model = format!("{{{{ config(meta={meta}) }}}}select 1 as id");
    system.write(format!("p/models/{name}.sql"), model);
    let mut options = LoadOptions::new("p");
    options.profiles_dir = Some("p".into());
    let project = Arc::new(load(&system, &options).unwrap());
    let system: Arc<dyn System> = Arc::new(system);
    Renderer::new(project, Settings::new(system)).0
}

fn of_model(profile: &Json, name: &str, meta: &Json) -> Credentials {
    of_model_of("1.12.4", profile, name, meta)
}

fn of_model_of(release: &str, profile: &Json, name: &str, meta: &Json) -> Credentials {
    let shared = shared_of(release, profile, name, meta);
    let node = shared
        .project
        .nodes()
        .iter()
        .find(|node| &*node.name == name)
        .unwrap();
    Credentials::of_node(&shared, node.id)
}

/// What real dbt-glue 1.12.4 sent for a model, or why it sent nothing, in `recorded.json`.
#[test]
fn sessions_are_those_that_the_adapter_makes() {
    let rows: Json = serde_json::from_str(include_str!("recorded.json")).unwrap();
    let mut wrong = Vec::new();
    for row in rows.as_array().unwrap() {
        let name = row["name"].as_str().unwrap_or("m");
        let credentials = of_model(&row["profile"], name, &row["meta"]);
        let made = credentials.create_session();
        let made = made.and_then(|made| credentials.use_schema().map(|_| made));
        let found = match made {
            Ok(made) => json!([
                made.to_string(),
                null,
                [credentials.use_arrow(), credentials.location()]
            ]),
            Err(error) => {
                let kind = match error.kind() {
                    ErrorKind::Python(kind) => kind,
                    _ => "",
                };
                json!([null, [kind, error.message()], null])
            }
        };
        let failed = !row["error"].is_null();
        let create = if failed {
            Json::Null
        } else {
            json!(row["create"].to_string())
        };
        let expected = json!([create, row["error"], row["wrapper"]]);
        if found != expected {
            wrong.push(format!(
                "{} {}\n   expected {expected}\n   found    {found}",
                row["profile"], row["meta"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn profile(more: &[(&str, Json)]) -> Json {
    let mut profile = json!({
        "type": "glue", "role_arn": "arn:aws:iam::123456789012:role/Glue/My", "workers": 2.0, "worker_type": "G.1X",
        "schema": "analytics", "location": "s3://acme/w",
    });
    for (key, value) in more {
        profile[*key] = value.clone();
    }
    profile
}

#[test]
fn pairs_are_cut_as_the_adapter_cuts_them() {
    let profile = profile(&[
        (
            "default_arguments",
            json!("'--a'=\"x y\", --b='1'=2,--conf=zz,\"--c\"=,--enable-glue-datacatalog=false"),
        ),
        ("tags", json!("K1=V1, K2='V2' ,'q'=\"w\",K1=again")),
        ("connections", json!("c1, c2,c1")),
        ("conf", json!("spark.a=b")),
    ]);
    let made = of_model(&profile, "m", &json!({})).create_session().unwrap();
    assert_eq!(
        made["DefaultArguments"].to_string(),
        r#"{"--enable-glue-datacatalog":"false","--a":"xy","--b":"1","--conf":"spark.a=b","--c":""}"#
    );
    assert_eq!(made["Tags"].to_string(), r#"{"K1":"again"," K2":"V2' ","q":"w"}"#);
    assert_eq!(made["Connections"].to_string(), r#"{"Connections":["c1"," c2"]}"#);
    assert_eq!(made["NumberOfWorkers"], json!(2));
}

#[test]
fn who_shares_a_session_and_when_it_stops() {
    let named = |name: &str| SessionKey::Named(name.into());
    let on = json!(true);
    let cases = [
        (vec![], json!({}), SessionKey::Worker, Stops::AtEnd),
        (
            vec![("glue_session_reuse", on.clone())],
            json!({}),
            SessionKey::Worker,
            Stops::Never,
        ),
        (
            vec![("group_session_id", json!("g"))],
            json!({}),
            SessionKey::Worker,
            Stops::AtEnd,
        ),
        (
            vec![("enable_session_per_model", on.clone())],
            json!({}),
            named("model.p.m"),
            Stops::WithNode,
        ),
        (vec![], json!({"workers": 5}), named("model.p.m"), Stops::WithNode),
        (
            vec![],
            json!({"idle_timeout": 0, "owner": "me"}),
            SessionKey::Worker,
            Stops::AtEnd,
        ),
        (
            vec![],
            json!({"group_session_id": "g", "workers": 5}),
            named("g"),
            Stops::AtEnd,
        ),
        (
            vec![("glue_session_reuse", on.clone())],
            json!({"workers": 5}),
            named("model.p.m"),
            Stops::Never,
        ),
    ];
    for (more, meta, key, stops) in cases {
        let credentials = of_model(&profile(&more), "m", &meta);
        assert_eq!(
            (credentials.key(), credentials.stops()),
            (&key, stops),
            "{more:?} {meta}"
        );
    }
    let plain = profile(&[]);
    let shared = shared(&plain, "m", &json!({"workers": 5}));
    let node = shared.project.nodes()[0].id;
    let python = Credentials::of_python(&shared, node);
    assert_eq!(
        (python.key(), python.stops()),
        (&SessionKey::Python(node), Stops::Never)
    );
    assert_eq!(python.create_session().unwrap()["NumberOfWorkers"], json!(2));
    let hook = Credentials::of_hook(&shared, "operation.p.p-on-run-start-0");
    assert_eq!((hook.key(), hook.stops()), (&SessionKey::Main, Stops::AtEnd));
}

#[test]
fn older_releases_make_other_sessions() {
    let more = |more: &[(&str, Json)]| profile(more);
    let plain = more(&[]);
    let per_model = more(&[("enable_session_per_model", json!(true))]);
    for (release, profile, meta, id, workers) in [
        (
            "1.12.4",
            &plain,
            json!({"owner": "me"}),
            "dbt-glue__Glue/My__<UUID>",
            2,
        ),
        ("1.10.9", &plain, json!({"owner": "me"}), "dbt-glue__model_p_m", 2),
        ("1.9.4", &plain, json!({"owner": "me"}), "dbt-glue__model.p.m", 2),
        ("1.9.4", &plain, json!({"workers": 5}), "dbt-glue__model.p.m", 5),
        ("1.9.4", &plain, json!({}), "dbt-glue__Glue/My__<UUID>", 2),
        (
            "1.9.0",
            &plain,
            json!({"workers": 5}),
            "dbt-glue__Glue/My__<UUID>",
            2,
        ),
        (
            "1.9.0",
            &per_model,
            json!({"workers": 5}),
            "dbt-glue__model.p.m",
            5,
        ),
        (
            "1.10.15",
            &plain,
            json!({"group_session_id": "g"}),
            "dbt-glue__g",
            2,
        ),
        (
            "1.10.13",
            &plain,
            json!({"group_session_id": "g"}),
            "dbt-glue__Glue/My__<UUID>",
            2,
        ),
    ] {
        let made = of_model_of(release, profile, "m", &meta)
            .create_session()
            .unwrap();
        assert_eq!(
            (&made["Id"], &made["NumberOfWorkers"]),
            (&json!(id), &json!(workers)),
            "{release} {meta}"
        );
    }
    let refused = more(&[("boto_retry_mode", json!("never"))]);
    assert!(
        of_model_of("1.10.19", &refused, "m", &json!({}))
            .create_session()
            .is_err()
    );
    assert!(
        of_model_of("1.10.15", &refused, "m", &json!({}))
            .create_session()
            .is_ok()
    );
}
