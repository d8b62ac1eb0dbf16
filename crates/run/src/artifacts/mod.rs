//! The files that dbt leaves behind after a command: `run_results.json` and `manifest.json`.
