//! What `CreateSession` says of Spark: the `--conf` among its arguments, and the buckets that are named anywhere.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The pairs of a `--conf` argument, `a=b --conf c=d`, the last one of a key winning as in `spark-submit`; or what is no pair.
pub(crate) fn pairs(conf: &str) -> Result<Map<String, Value>, String> {
    let mut found = Map::new();
    let mut words = conf.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if word == "--conf" {
            continue;
        }
        let mut pair = word.to_owned();
        // A value may hold blanks; it ends where the next pair is announced.
        while let Some(next) = words.next_if(|next| *next != "--conf") {
            pair.push(' ');
            pair.push_str(next);
        }
        let Some((key, value)) = pair.split_once('=') else {
            return Err(pair);
        };
        let value = value.trim().trim_matches('"');
        found.insert(key.trim().to_owned(), Value::String(value.to_owned()));
    }
    Ok(found)
}

/// The buckets of all `s3://BUCKET` in a text, `s3a` and `s3n` as well.
pub(crate) fn buckets(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for scheme in ["s3://", "s3a://", "s3n://"] {
        for (at, _) in text.match_indices(scheme) {
            let rest = text.get(at + scheme.len()..).unwrap_or_default();
            let name: String = rest.chars().take_while(|c| may_name_a_bucket(*c)).collect();
            if is_bucket(&name) {
                found.insert(name);
            }
        }
    }
    found
}

/// Whether AWS takes a text for the name of a bucket, as far as the safety of a folder needs it: no `..`, nothing hidden, nothing long.
pub(crate) fn is_bucket(name: &str) -> bool {
    (3..=63).contains(&name.len())
        && name.chars().all(may_name_a_bucket)
        && !name.starts_with('.')
        && !name.contains("..")
}

fn may_name_a_bucket(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_')
}

#[cfg(test)]
mod tests {
    use super::{buckets, pairs};

    #[test]
    fn pairs_are_read_as_spark_submit_reads_them() {
        let conf = "spark.a=1\n  --conf spark.b=x=y --conf  spark.c=two words --conf spark.a=2";
        let found = pairs(conf).unwrap();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
            .collect();
        assert_eq!(
            found,
            [("spark.a", "2"), ("spark.b", "x=y"), ("spark.c", "two words")]
        );
        assert_eq!(pairs("spark.a --conf spark.b=1"), Err("spark.a".to_owned()));
        assert!(pairs("").unwrap().is_empty());
    }

    #[test]
    fn buckets_are_found_in_code() {
        let code = "location 's3://lake-1/x' and s3a://other.b\" s3://../up s3://a s3://{name}/x";
        let found: Vec<String> = buckets(code).into_iter().collect();
        assert_eq!(found, ["lake-1", "other.b"]);
    }
}
