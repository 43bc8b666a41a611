//! What families of environments are, in words: the reference has a page for each.

/// Families that share a page of what they have in common.
#[derive(Clone, Copy, Debug)]
pub struct EnvCollection {
    /// Its name in paths: lower case, hyphens.
    pub key: &'static str,
    /// Parameters that all families take and the common page explains.
    pub shared: &'static [&'static str],
    /// The families, in the order of the reference.
    pub families: &'static [&'static EnvFamily],
}

/// One task in other sizes, with other rules or other numbers. All texts are sentences in
/// Markdown.
#[derive(Clone, Copy, Debug)]
pub struct EnvFamily {
    /// Its name, as in the names of its environments.
    pub name: &'static str,
    /// How the names of its environments begin; those of no other family do.
    pub prefixes: &'static [&'static str],
    /// What the agent meets and must do.
    pub task: &'static str,
    /// What is paid, when and how much.
    pub reward: &'static str,
    /// What ends an episode.
    pub end: &'static str,
    /// What else there is to know of its parameters; may be empty.
    pub parameters: &'static str,
}

impl EnvFamily {
    /// Whether an environment of this name is one of the family.
    pub fn has(&self, name: &str) -> bool {
        self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }
}
