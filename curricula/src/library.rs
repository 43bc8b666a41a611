//! The curricula that ship with the program.

use crate::Document;
use crate::document::hints::allowed;

/// Embeds `library/NAME.yaml` for each name.
macro_rules! embed {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../library/", $name, ".yaml"))),)*]
    };
}

/// Name and text of each, in the order in which they are listed.
const LIBRARY: &[(&str, &str)] = embed![
    "quickstart",
    "forager",
    "forgetting",
    "SimpleCartPole",
    "CartPole-1000",
    "SimpleMiniGrid",
    "SimpleStepMiniGrid",
    "MiniGridCondensed",
    "MiniGridDispersed",
    "MiniGridSimpleCrossingS9N1",
    "MiniGridSimpleCrossingS9N2",
    "MiniGridSimpleCrossingS9N3",
    "MiniGridDistShiftR2",
    "MiniGridDistShiftR5",
    "MiniGridDistShiftR3",
    "MiniGridDynObstaclesS6N1",
    "MiniGridDynObstaclesS8N2",
    "MiniGridDynObstaclesS10N3",
    "MiniGridCustomFetchS5T1N2",
    "MiniGridCustomFetchS8T1N2",
    "MiniGridCustomFetchS10T2N4",
    "MiniGridCustomUnlockS5",
    "MiniGridCustomUnlockS7",
    "MiniGridCustomUnlockS9",
    "MiniGridDoorKeyS5",
    "MiniGridDoorKeyS6",
    "MiniGridDoorKeyS7",
    "MAD-continual",
    "MAD-ladder-vocabulary",
    "MAD-ladder-length",
    "MAD-ladder-noise",
    "MAD-ladder-copies",
];

/// A curriculum of the library.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LibraryEntry {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: String,
}

/// All curricula of the library.
pub fn library() -> Vec<LibraryEntry> {
    let description = |name: &str, text| {
        let document = Document::from_text(text, name).ok()?;
        document.description().map(str::to_owned)
    };
    LIBRARY
        .iter()
        .map(|(name, text)| LibraryEntry {
            name,
            description: description(name, text).unwrap_or_default(),
        })
        .collect()
}

/// The YAML text of a curriculum of the library.
pub(crate) fn text(name: &str) -> Option<&'static str> {
    LIBRARY.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

/// What to say of a name that is not there.
pub(crate) fn hint(name: &str) -> String {
    let near = allowed(name, LIBRARY.iter().map(|(n, _)| *n));
    let near = near.split_once("? ").map(|(near, _)| format!("{near}? ")).unwrap_or_default();
    format!("{near}`tella curriculum list` lists them; a file is given by its path")
}
