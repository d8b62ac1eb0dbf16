//! Places of S3.

/// A place of S3: everything whose key starts so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The bucket.
    pub(super) bucket: String,
    /// The key, without slashes at its ends; empty for the whole bucket.
    pub(super) key: String,
}

impl Place {
    /// The place of a URI such as `s3://bucket/key/`.
    pub(super) fn of(uri: &str) -> Option<Self> {
        let (scheme, rest) = uri.trim().split_once("://")?;
        if !matches!(scheme.to_ascii_lowercase().as_str(), "s3" | "s3a" | "s3n") {
            return None;
        }
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let is_bucket = |c: char| c.is_ascii_alphanumeric() || ".-_<> ".contains(c);
        (!bucket.is_empty() && bucket.chars().all(is_bucket)).then(|| Self {
            bucket: bucket.to_owned(),
            key: key.trim_matches('/').to_owned(),
        })
    }

    /// Whether another place lies within.
    pub(super) fn contains(&self, other: &Self) -> bool {
        self.bucket == other.bucket
            && (self.key.is_empty()
                || other.key == self.key
                || other
                    .key
                    .strip_prefix(&self.key)
                    .is_some_and(|rest| rest.starts_with('/')))
    }

    /// The names of what lies within.
    pub(super) fn objects(&self, partition: &str) -> String {
        let slash = if self.key.is_empty() { "" } else { "/" };
        format!("arn:{partition}:s3:::{}/{}{slash}*", self.bucket, self.key)
    }

    /// The name of the one object that stands here.
    pub(super) fn object(&self, partition: &str) -> String {
        format!("arn:{partition}:s3:::{}/{}", self.bucket, self.key)
    }

    /// The name of the bucket.
    pub(super) fn bucket_name(&self, partition: &str) -> String {
        format!("arn:{partition}:s3:::{}", self.bucket)
    }
}

/// Every URI of S3 in a text, up to the next quote, blank or comma.
pub(super) fn places(text: &str) -> Vec<Place> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("://") {
        let before = text.get(..at).unwrap_or_default();
        let Some(scheme) = ["s3a", "s3n", "s3"]
            .into_iter()
            .find(|scheme| before.ends_with(scheme))
        else {
            continue;
        };
        let rest = text.get(at - scheme.len()..).unwrap_or_default();
        let end = rest.find(|c: char| "'\"`,;)}]".contains(c) || c.is_whitespace());
        let uri = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        found.extend(Place::of(uri));
    }
    found
}

/// Takes out what lies within another place, and sorts.
pub(super) fn outermost(places: impl IntoIterator<Item = Place>) -> Vec<Place> {
    let mut sorted: Vec<Place> = places.into_iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut kept: Vec<Place> = Vec::new();
    for place in sorted {
        if !kept.iter().any(|outer| outer.contains(&place)) {
            kept.push(place);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_read() {
        for (uri, expected) in [
            ("s3://b/k/", Some(("b", "k"))),
            ("s3a://b", Some(("b", ""))),
            ("S3://b/k/l", Some(("b", "k/l"))),
            ("hdfs://b/k", None),
            ("s3://", None),
            ("b/k", None),
        ] {
            let found = Place::of(uri);
            let parts = found.as_ref().map(|place| (&*place.bucket, &*place.key));
            assert_eq!(parts, expected, "{uri}");
        }
    }

    #[test]
    fn places_of_a_text_are_cut_at_quotes_and_the_outermost_stay() {
        let found = places("location 's3://b/k/t', \"s3a://b/k\" and hdfs://x/y s3://c/z, s3://b/kk");
        let kept = outermost(found);
        let names: Vec<_> = kept.iter().map(|place| place.objects("aws")).collect();
        assert_eq!(
            names,
            ["arn:aws:s3:::b/k/*", "arn:aws:s3:::b/kk/*", "arn:aws:s3:::c/z/*"]
        );
    }
}
