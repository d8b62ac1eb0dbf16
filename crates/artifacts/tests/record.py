#!/usr/bin/env python3
"""Records what the real dbt leaves behind of `dbt build` on a small project: recorded/build.json.

run_results.json comes without the arguments, manifest.json without what dbt and the adapter bring.

The environment variable GLUELINE_ORACLE names the folder with `fake_glue.py`, a stand-in for AWS; ORACLE_VENV one with dbt-glue.
"""
import json
import os
import subprocess
import sys
import tempfile
import threading

FILES = {
    "dbt_project.yml": """\
name: small
version: '1.0.0'
profile: lake
on-run-start: ["select 1 as start"]
on-run-end: ["select 2 as done"]
""",
    "profiles.yml": """\
lake:
  target: dev
  outputs:
    dev: {type: glue, role_arn: "arn:aws:iam::123456789012:role/r", region: us-east-1, schema: lake,
          location: "s3://lake/w", workers: 2, worker_type: G.1X, glue_version: "5.0", threads: 1,
          session_provisioning_timeout_in_seconds: 120, query_timeout_in_minutes: 5, idle_timeout: 5}
""",
    "seeds/codes.csv": "code,name\na,One\nb,Two\n",
    "models/plain.sql": "{{ config(materialized='table') }}\nselect * from {{ ref('codes') }}",
    "models/seen.sql": "{{ config(materialized='view') }}\nselect {{ wrapped('code') }} as code from {{ ref('plain') }}",
    "models/inner.sql": "{{ config(materialized='ephemeral') }}\nselect 1 as id",
    "models/outer.sql": "{{ config(materialized='table') }}\nselect * from {{ ref('inner') }}",
    "models/refused.sql": "{{ config(materialized='table') }}\n"
                          "select {% if execute %}{{ exceptions.raise_compiler_error('not today') }}{% endif %} 1 as id",
    "models/after_refused.sql": "{{ config(materialized='table') }}\nselect * from {{ ref('refused') }}",
    "models/spark_says_no.sql": "{{ config(materialized='table') }}\nselect nowhere from {{ ref('codes') }}",
    "models/hourly.sql": "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at',\n"
                         "          batch_size='day', begin='2025-01-01', file_format='iceberg') }}\n"
                         "select 1 as id, current_timestamp() as at",
    "macros/wrapped.sql": "{% macro wrapped(text) -%}\n  upper({{ trimmed(text) }})\n{%- endmacro %}\n\n"
                          "{%- macro trimmed(text) %}trim({{ text }}){% endmacro -%}\n",
    "macros/_macros.yml": "macros: [{name: wrapped, description: Capital letters}]\n",
    "models/docs.md": "{% docs code %}\nThe code of a thing.\n{% enddocs %}\n",
    "models/groups.yml": "groups: [{name: sales, owner: {name: Sales, email: sales@example.com}}]\n",
    "selectors.yml": "selectors: [{name: nightly, definition: 'tag:nightly+'}]\n",
    "models/off.sql": "{{ config(enabled=false) }}\nselect 1 as id",
    "models/_models.yml": """\
models:
  - name: plain
    description: Things by {{ doc('code') }}
    config: {group: sales, tags: [nightly], meta: {owner: "{{ target.name }}"}}
    columns:
      - name: code
        description: "{{ doc('code') }}"
        data_tests:
          - not_null
          - unique: {config: {severity: warn}}
          - accepted_values: {arguments: {values: [a, b]}, config: {store_failures: true}}
exposures:
  - name: page
    type: dashboard
    owner: {name: Somebody}
    depends_on: [ref('seen')]
""",
    "snapshots/history.yml": """\
snapshots:
  - name: history
    relation: ref('codes')
    config: {strategy: check, check_cols: all, unique_key: code, file_format: iceberg}
""",
}

STATE = {
    "account": "123456789012",
    "region": "us-east-1",
    "databases": {"lake": {"location": "s3://lake/w", "tables": {}}},
    "session": {
        "effects": True,
        "relations": {"codes": {"columns": [{"name": "code", "type": "string"}, {"name": "name", "type": "string"}]}},
        "answers": [
            {"match": "select nowhere", "error": {"name": "AnalysisException", "value": "[UNRESOLVED_COLUMN] no `nowhere`"}},
            {"match": "should_warn.*where code is null", "columns": ["failures", "should_warn", "should_error"],
             "rows": [[3, True, True]]},
            {"match": "should_warn.*group by code having", "columns": ["failures", "should_warn", "should_error"],
             "rows": [[1, True, True]]},
        ],
    },
}

ARGUMENTS = ["build", "--event-time-start", "2025-01-01", "--event-time-end", "2025-01-03"]


def main():
    oracle = os.environ["GLUELINE_ORACLE"]
    sys.path.insert(0, oracle)
    sys.dont_write_bytecode = True
    import fake_glue

    with tempfile.TemporaryDirectory() as directory:
        for path, text in FILES.items():
            path = os.path.join(directory, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        state = os.path.join(directory, "state.json")
        with open(state, "w", encoding="utf-8") as file:
            json.dump(STATE, file)
        server = fake_glue.serve(state, os.path.join(directory, "requests.jsonl"))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}",
            "AWS_ACCESS_KEY_ID": "fake",
            "AWS_SECRET_ACCESS_KEY": "fake",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "DBT_ENV_CUSTOM_ENV_TEAM": "data",
            "HOME": directory,
        }
        dbt = os.path.join(os.environ["ORACLE_VENV"], "bin", "dbt")
        common = ["--project-dir", directory, "--profiles-dir", directory, "--threads", "1"]
        more = ["--no-version-check", "--no-send-anonymous-usage-stats", "--no-static-parser", "--no-partial-parse"]
        subprocess.run([dbt, *ARGUMENTS, *common, *more], env=environment, cwd=directory, check=False)
        with open(os.path.join(directory, "target", "run_results.json"), encoding="utf-8") as file:
            text = file.read().replace(os.path.realpath(directory), "<PROJECT>").replace(directory, "<PROJECT>")
        with open(os.path.join(directory, "target", "manifest.json"), encoding="utf-8") as file:
            manifest = file.read().replace(os.path.realpath(directory), "<PROJECT>").replace(directory, "<PROJECT>")
        recorded = {"files": FILES, "state": STATE, "run_results": json.loads(text), "manifest": json.loads(manifest)}
        del recorded["run_results"]["args"]
        # What dbt and the adapter bring is not ours to keep.
        for section in ["macros", "docs"]:
            entries = recorded["manifest"][section]
            recorded["manifest"][section] = {id: one for id, one in entries.items() if one["package_name"] == "small"}
        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, "recorded", "build.json"), "w", encoding="utf-8") as file:
            json.dump(recorded, file, indent=1, ensure_ascii=False)
            file.write("\n")


if __name__ == "__main__":
    main()
