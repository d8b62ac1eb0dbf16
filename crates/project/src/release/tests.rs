use glueline_base::MemSystem;

use super::*;

/// A project in `/repo/team/shop` of a repository in `/repo`.
fn found(files: &[(&str, &str)], env: &[(&str, &str)], setting: Option<&str>) -> AdapterRelease {
    let mut system = MemSystem::new();
    system.write("/repo/.git/HEAD", "ref: refs/heads/main\n");
    system.write("/repo/team/shop/dbt_project.yml", "name: shop\n");
    for (path, text) in files {
        system.write(*path, *text);
    }
    for (name, value) in env {
        system.set_env(*name, *value);
    }
    AdapterRelease::find(&system, Utf8Path::new("/repo/team/shop"), setting)
}

const UV: &str = "version = 1\n\n[[package]]\nname = \"dbt-core\"\nversion = \"1.9.3\"\n\n[[package]]\nname = \"dbt-glue\"\nversion = \"1.9.4\"\nsource = { registry = \"https://pypi.org/simple\" }\n";

#[test]
fn each_format_is_read() {
    let pipfile = "{\"default\": {\"dbt-glue\": {\"index\": \"pypi\", \"version\": \"==1.8.6\"}}}";
    for (path, text, said) in [
        ("uv.lock", UV, "1.9.4 (uv.lock) with 1.9.3"),
        (
            "poetry.lock",
            "[[package]]\nname = \"dbt_glue\"\nversion = \"1.8.1\"\n",
            "1.8.1 (poetry.lock) with 1.8.10",
        ),
        (
            "pdm.lock",
            "[[package]]\r\nname = \"dbt-glue\"\r\nversion = '1.10.9'\r\n",
            "1.10.9 (pdm.lock) with 1.10.23",
        ),
        ("Pipfile.lock", pipfile, "1.8.6 (Pipfile.lock) with 1.8.10"),
        (
            "requirements.lock",
            "dbt-glue==1.7.2\n",
            "1.7.2 (requirements.lock) with 1.7.20",
        ),
        (
            "requirements.txt",
            "dbt-core==1.9.1\ndbt-glue==1.9.2 # ours\n",
            "1.9.2 (requirements.txt) with 1.9.1",
        ),
        (
            "requirements-dev.txt",
            "dbt-glue~=1.9.0 ; python_version > '3.8'",
            "1.9.4 (requirements-dev.txt) with 1.9.11",
        ),
        (
            "requirements/base.txt",
            "DBT_Glue [pandas] >= 1.8, <1.9 --hash=sha256:0",
            "1.8.6 (base.txt) with 1.8.10",
        ),
        (
            "pyproject.toml",
            "dependencies = [\"dbt-glue>=1.10,<1.11\", \"boto3\"]",
            "1.10.19 (pyproject.toml) with 1.10.23",
        ),
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\ndbt-glue = \"~1.9\"\n",
            "1.9.4 (pyproject.toml) with 1.9.11",
        ),
        (
            "pyproject.toml",
            "dbt-glue = {version = \"1.7.*\", extras = [\"a\"]}",
            "1.7.2 (pyproject.toml) with 1.7.20",
        ),
        (
            "Pipfile",
            "[packages]\n\"dbt-glue\" = \"==1.8.6\"\n",
            "1.8.6 (Pipfile) with 1.8.10",
        ),
        (
            "setup.cfg",
            "install_requires =\n    dbt-glue==1.9.0\n",
            "1.9.0 (setup.cfg) with 1.9.11",
        ),
        (
            "setup.py",
            "setup(install_requires=['dbt-glue==1.7.1'])",
            "1.7.1 (setup.py) with 1.7.20",
        ),
        (
            "requirements.txt",
            "dbt-glue (==1.9.0)",
            "1.9.0 (requirements.txt) with 1.9.11",
        ),
    ] {
        let found = found(&[(&format!("/repo/team/shop/{path}"), text)], &[], None);
        let shown = format!("dbt-glue {said}");
        assert_eq!(
            format!("{found} with {}", found.dbt_core),
            shown,
            "{path}: {text}"
        );
    }
}

#[test]
fn what_says_nothing_is_passed_over() {
    for (path, text) in [
        (
            "requirements.txt",
            "# dbt-glue==1.9.4\ndbt-glue-utils==1.8.6\nmy-dbt-glue==1.8.6\n",
        ),
        ("requirements.txt", "dbt-glue\n"),
        (
            "requirements.txt",
            "dbt-glue @ git+https://example.com/dbt-glue\n",
        ),
        ("requirements.txt", "dbt-glue==\ndbt-glue>=2\n"),
        (
            "uv.lock",
            "[[package]]\nname = \"dbt-glue\"\n[[package]]\nname = \"x\"\nversion = \"1.9.4\"\n",
        ),
        ("Pipfile.lock", "{\"default\": [\"dbt-glue\"]"),
        ("pyproject.toml", "dbt-glue = \"\ndbt-glue = { path = '.' }\n"),
        ("notes.txt", "dbt-glue==1.9.4\n"),
    ] {
        let found = found(&[(&format!("/repo/team/shop/{path}"), text)], &[], None);
        assert_eq!(found, AdapterRelease::default(), "{path}: {text}");
    }
    assert_eq!(
        AdapterRelease::default().to_string(),
        "dbt-glue 1.12.4 (the newest known)"
    );
    let outside = found(&[("/requirements.txt", "dbt-glue==1.8.6")], &[], None);
    assert_eq!(outside.source, ReleaseSource::Newest, "above the repository");
}

#[test]
fn the_surest_source_is_asked_first() {
    let venv = "/repo/.venv/lib/python3.11/site-packages/dbt_glue-1.10.9.dist-info/METADATA";
    let core = "/repo/.venv/lib/python3.11/site-packages/dbt_core-1.10.2.dist-info/METADATA";
    let active = "/envs/dbt/lib/python3.12/site-packages/dbt_glue-1.10.15.dist-info/METADATA";
    let mut files = vec![
        ("/repo/requirements.txt", "dbt-glue==1.7.0"),
        ("/repo/team/shop/pyproject.toml", "\"dbt-glue==1.8.1\""),
    ];
    let said = |files: &[(&str, &str)], env: &[(&str, &str)], setting| found(files, env, setting).to_string();
    assert_eq!(
        said(&files, &[], None),
        "dbt-glue 1.8.1 (pyproject.toml)",
        "the nearest"
    );
    files.extend([(venv, ""), (core, ""), (active, "")]);
    assert_eq!(said(&files, &[], None), "dbt-glue 1.10.9 (installed in .venv)");
    assert_eq!(&*found(&files, &[], None).dbt_core, "1.10.2");
    assert_eq!(
        said(&files, &[("VIRTUAL_ENV", "/envs/dbt")], None),
        "dbt-glue 1.10.15 (installed in dbt)"
    );
    assert_eq!(
        said(&files, &[("VIRTUAL_ENV", "/gone")], None),
        "dbt-glue 1.10.9 (installed in .venv)"
    );
    files.push(("/repo/uv.lock", UV));
    assert_eq!(
        said(&files, &[("VIRTUAL_ENV", "/envs/dbt")], None),
        "dbt-glue 1.9.4 (uv.lock)"
    );
    assert_eq!(said(&files, &[], Some("1.8.6")), "dbt-glue 1.8.6 (setting)");
    assert_eq!(said(&files, &[], Some("1.10")), "dbt-glue 1.10.19 (setting)");
    assert_eq!(said(&files, &[], Some("new")), "dbt-glue 1.9.4 (uv.lock)");
}

#[test]
fn the_place_is_kept() {
    let text = "boto3\ndbt-glue ~= 1.9.0 # ours\n";
    let found = found(&[("/repo/team/shop/requirements.txt", text)], &[], None);
    let ReleaseSource::Requirement(path, at) = found.source else {
        panic!("{found:?}");
    };
    assert_eq!(path, "/repo/team/shop/requirements.txt");
    assert_eq!(glueline_base::slice(text, at), "dbt-glue ~= 1.9.0");
}
