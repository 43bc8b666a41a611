//! Lifetimes whose logs are damaged: one rule for all that looks at lifetimes.
//!
//! A damaged lifetime is left out and told, whatever of its log could still be read: what is
//! measured of half a log is another number. The others are looked at, and the program ends
//! with the exit code of damage.

use super::{Lifetime, Run};
use crate::Experiences;
use tella_events::EventError;

/// Where a lifetime stands: its run folder and its index there.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The run folder, as it was given.
    pub run: String,
    /// The index.
    pub lifetime_idx: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} lifetime {}", self.run, self.lifetime_idx)
    }
}

/// A lifetime whose log is damaged.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Damaged {
    /// Which.
    #[serde(flatten)]
    pub place: Place,
    /// What is wrong.
    pub why: String,
}

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: its log is damaged: {}", self.place, self.why)
    }
}

impl Damaged {
    /// What is told where other lifetimes were looked at.
    pub fn left_out(&self) -> String {
        format!("{} is left out, its log is damaged: {}", self.place, self.why)
    }
}

/// What is sound of some lifetimes, and those that are not.
pub type Sound<T> = (Vec<T>, Vec<Damaged>);

impl Run {
    /// The place of a lifetime.
    pub fn place(&self, lifetime_idx: u32) -> Place {
        Place { run: self.dir.display().to_string(), lifetime_idx }
    }

    /// A lifetime's experiences, or what is damaged of its log.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read, or is not in its format.
    pub fn experiences(
        &self,
        lifetime: &Lifetime,
    ) -> Result<Result<Experiences, Damaged>, EventError> {
        match lifetime.experiences() {
            Ok(log) => Ok(Ok(log)),
            Err(error) if error.is_corruption() => Ok(Err(Damaged {
                place: self.place(lifetime.lifetime_idx),
                why: error.to_string(),
            })),
            Err(error) => Err(error),
        }
    }

    /// What `each` makes of every sound lifetime, and the damaged ones.
    ///
    /// # Errors
    ///
    /// As [`experiences`](Self::experiences), and what `each` says.
    pub fn read<T, E: From<EventError>>(
        &self,
        mut each: impl FnMut(&Lifetime, &Experiences) -> Result<T, E>,
    ) -> Result<Sound<T>, E> {
        let (mut sound, mut damaged) = (Vec::new(), self.damaged.clone());
        for lifetime in &self.lifetimes {
            match self.experiences(lifetime)? {
                Ok(log) => sound.push(each(lifetime, &log)?),
                Err(of) => damaged.push(of),
            }
        }
        Ok((sound, damaged))
    }
}
