{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}MINE({{ datepart }}){% endmacro %}
{% macro glue__datediff(first_date, second_date, datepart) %}GLUE({{ first_date }}){% endmacro %}
{% macro default__concat(fields) %}C{{ fields | length }}{% endmacro %}
{% macro hash(field) %}H{{ field }}{% endmacro %}
{% macro assert_not_null(function, arg) %}ANN({{ function }}, {{ arg }}){% endmacro %}
{% macro spark__date_trunc(p, d) %}ONE{{ p }}{{ d }}{% endmacro %}
{% macro default__any_value(expression, more) %}AV[{{ expression }}|{{ more }}]{% endmacro %}
{% macro glue__length() %}none{% endmacro %}
{% macro generate_schema_name(custom_schema_name, node) %}{{ default__generate_schema_name(custom_schema_name, node) }}_x{% endmacro %}
{% macro spark__generate_alias_name(custom_alias_name=none, node=none) %}al_{{ node.name }}{% endmacro %}
{% macro cast(field, type) %}own{% endmacro %}
{% macro current_timestamp() %}now_own{% endmacro %}
{% macro default__current_timestamp() %}d_own{% endmacro %}
{% macro default__test_unique(model, column_name) %}U {{ model }} {{ column_name }}{% endmacro %}
{% macro glue__test_accepted_values(model, column_name, values, quote=True) %}AV {{ values }} {{ quote }}{% endmacro %}
{% macro default__get_where_subquery(relation) %}WHERE {{ relation }}{% endmacro %}
{% macro should_full_refresh() %}{{ return(true) }}{% endmacro %}
{% macro get_where_subquery_of(x) %}{{ get_where_subquery(x) }}{% endmacro %}
