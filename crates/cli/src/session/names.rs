//! The ids of sessions: whose they are can be read off them, so that a forgotten one is found again without a record.

use glueline_base::System;

/// What the ids of a project, user and target are made of.
pub(super) struct Names {
    prefix: String,
    target: String,
}

impl Names {
    pub(super) fn new(project: &str, target: &str, system: &dyn System) -> Self {
        let user = ["USER", "LOGNAME", "USERNAME"]
            .iter()
            .find_map(|name| system.env_var(name).filter(|user| !user.is_empty()))
            .unwrap_or_default();
        Self {
            prefix: format!("glueline-{}-{}-", plain(project), plain(&user)),
            target: plain(target),
        }
    }

    /// What all of them begin with.
    pub(super) fn prefix(&self) -> String {
        self.prefix.clone()
    }

    /// A new one, with a random part.
    pub(super) fn id(&self, random: &str) -> String {
        let random: String = random
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(12)
            .collect();
        format!("{}{}-{random}", self.prefix, self.target)
    }
}

/// A name in the letters that every service takes; an id is at most 255 characters long (`NameString` of the Glue service model).
fn plain(name: &str) -> String {
    let letter = |c: char| match c {
        'a'..='z' | '0'..='9' | '_' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        _ => '_',
    };
    let text: String = name.chars().take(50).map(letter).collect();
    if text.is_empty() {
        "unknown".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use glueline_base::MemSystem;

    use super::*;

    #[test]
    fn an_id_says_whose_it_is() {
        for (user, project, target, want) in [
            ("Me", "shop", "dev", "glueline-shop-me-dev-0123456789ab"),
            ("a.b@c", "Läden", "", "glueline-l_den-a_b_c-unknown-0123456789ab"),
            ("", "shop", "a-b", "glueline-shop-unknown-a_b-0123456789ab"),
        ] {
            let mut system = MemSystem::new();
            system.set_env("USER", user);
            let names = Names::new(project, target, &system);
            let id = names.id("01234567-89ab-cdef");
            assert_eq!(id, want);
            assert!(id.starts_with(&names.prefix()));
        }
        let long = "x".repeat(300);
        assert!(
            Names::new(&long, &long, &MemSystem::new())
                .id("01234567-89ab")
                .len()
                < 255
        );
    }
}
