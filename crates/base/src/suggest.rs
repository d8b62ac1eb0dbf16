//! "Did you mean".

/// The candidate a person most likely meant, if one is near enough to name.
///
/// Case and the choice between `-` and `_` weigh less than letters. Near is: at most a third of the letters
/// differ, and at most three.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    let length = folded.chars().count();
    let budget = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| {
            let other = fold(candidate);
            // A difference in length is the least distance there can be, and is had without looking at a long text.
            if other.chars().count().abs_diff(length) > budget {
                return None;
            }
            let distance = strsim::osa_distance(&folded, &other);
            (distance <= budget).then(|| (distance, candidate.len().abs_diff(word.len()), candidate))
        })
        .min()
        .map(|(_, _, candidate)| candidate)
}

fn fold(word: &str) -> String {
    word.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys = ["worker_type", "workers", "location", "glue_version"];
        assert_eq!(nearest("worker-type", keys), Some("worker_type"));
        assert_eq!(nearest("wokrers", keys), Some("workers"));
        assert_eq!(nearest("Glue_Version", keys), Some("glue_version"));
        assert_eq!(nearest("region", keys), None);
        assert_eq!(
            nearest("workers", keys),
            None,
            "the word itself is no suggestion, nor a far one"
        );
        assert_eq!(nearest("", keys), None);
    }
}
