//! Upstream files that many entries name as their source.

pub(crate) const CREDENTIALS: &str = "dbt/adapters/glue/credentials.py";
pub(crate) const CONNECTION: &str = "dbt/adapters/glue/gluedbapi/connection.py";
pub(crate) const GLUE_CONNECTIONS: &str = "dbt/adapters/glue/connections.py";
pub(crate) const GLUE_IMPL: &str = "dbt/adapters/glue/impl.py";
pub(crate) const LAKE_FORMATION: &str = "dbt/adapters/glue/lakeformation.py";
pub(crate) const PYTHON_SUBMISSIONS: &str = "dbt/adapters/glue/python_submissions.py";
pub(crate) const GLUE_MACROS: &str = "dbt/include/glue/macros/adapters.sql";
pub(crate) const INCREMENTAL: &str = "dbt/include/glue/macros/materializations/incremental/incremental.sql";
pub(crate) const STRATEGIES: &str = "dbt/include/glue/macros/materializations/incremental/strategies.sql";
pub(crate) const GLUE_SNAPSHOT: &str = "dbt/include/glue/macros/materializations/snapshot.sql";
pub(crate) const ICEBERG_HELPER: &str = "dbt/include/glue/macros/iceberg_helper.sql";
pub(crate) const SPARK_MACROS: &str = "dbt/include/spark/macros/adapters.sql";
pub(crate) const CORE_CONFIG: &str = "dbt/artifacts/resources/v1/config.py";
pub(crate) const CORE_MODEL: &str = "dbt/artifacts/resources/v1/model.py";
pub(crate) const CORE_SNAPSHOT: &str = "dbt/artifacts/resources/v1/snapshot.py";
pub(crate) const CORE_SEED: &str = "dbt/artifacts/resources/v1/seed.py";
pub(crate) const CORE_SOURCE: &str = "dbt/artifacts/resources/v1/source_definition.py";
pub(crate) const CORE_COMPONENTS: &str = "dbt/artifacts/resources/v1/components.py";
pub(crate) const UNPARSED: &str = "dbt/contracts/graph/unparsed.py";
pub(crate) const PROJECT: &str = "dbt/contracts/project.py";
pub(crate) const SCHEMA_PARSER: &str = "dbt/parser/schemas.py";
pub(crate) const TEST_BUILDER: &str = "dbt/parser/generic_test_builders.py";
pub(crate) const CONSTRAINTS: &str = "dbt_common/contracts/constraints.py";
