//! A dbt project as a model: files, configuration, graph, selection.
