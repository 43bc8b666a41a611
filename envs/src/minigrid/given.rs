//! Reading a level's parameters, and refusing those that make no level.
//!
//! What one parameter allows by itself (its type, its range) stands in its
//! [`ParamSpec`] and is checked before. Here is what depends on more: odd sizes,
//! places in the grid, one parameter's range where another has some value.

use super::position::{Area, Direction, Pos};
use crate::{ParamError, ParamSpec, ParamValue, Params};

/// Longest side of a grid.
pub(super) const MAX_SIDE: i32 = 255;

/// The parameter `size`, the side of a square grid.
pub(super) fn size_spec(default: i32, min: i32, help: &str) -> ParamSpec {
    int_spec("size", default, min, MAX_SIDE, help)
}

/// An integer parameter.
pub(super) fn int_spec(name: &str, default: i32, min: i32, max: i32, help: &str) -> ParamSpec {
    ParamSpec::int(name, default.into(), min.into(), max.into(), help)
}

/// The parameters `agent_start_pos` and `agent_start_dir`.
pub(super) fn start_specs(default: &str) -> [ParamSpec; 2] {
    let help = "Where the agent starts, counted from 0 at the top left";
    let pos = ParamSpec::place("agent_start_pos", default, true, help);
    let help =
        "Where it looks then: 0 right, 1 down, 2 left, 3 up; a random start has a random one";
    [pos, int_spec("agent_start_dir", 0, 0, 3, help)]
}

/// The complete parameters of one level, each of its declared type.
pub(super) struct Given<'a>(pub(super) &'a Params);

impl Given<'_> {
    fn value(&self, name: &str) -> Result<&ParamValue, ParamError> {
        let missing = || ParamError::invalid(name, "no value; parameters must be resolved first");
        self.0.get(name).ok_or_else(missing)
    }

    fn mistyped(name: &str, wanted: &str, value: &ParamValue) -> ParamError {
        ParamError::invalid(name, format!("expected {wanted}, found {}", value.describe()))
    }

    /// The integer `name`, whose declared range fits.
    pub(super) fn int(&self, name: &str) -> Result<i32, ParamError> {
        let value = self.value(name)?;
        let number = if let ParamValue::Int(i) = value { i32::try_from(*i).ok() } else { None };
        number.ok_or_else(|| Self::mistyped(name, "an integer", value))
    }

    /// The integer `name`, which has to be odd.
    pub(super) fn odd(&self, name: &str) -> Result<i32, ParamError> {
        let number = self.int(name)?;
        if number % 2 == 1 {
            return Ok(number);
        }
        let (below, above) = (number - 1, number + 1);
        let message =
            format!("expected an odd integer, such as {below} or {above}, found {number}");
        Err(ParamError::invalid(name, message))
    }

    /// The integer `name`, which has to lie in `min ..= max` because of the values
    /// that other parameters have (`why`: "where size is 5").
    pub(super) fn int_within(
        &self,
        name: &str,
        (min, max): (i32, i32),
        why: &str,
    ) -> Result<i32, ParamError> {
        let number = self.int(name)?;
        if (min..=max).contains(&number) {
            return Ok(number);
        }
        let range = match max - min {
            ..0 => "no value is possible".to_owned(),
            0 => format!("expected {min}"),
            _ => format!("expected an integer from {min} to {max}"),
        };
        Err(ParamError::invalid(name, format!("{range} {why}, found {number}")))
    }

    /// The truth value `name`.
    pub(super) fn bool(&self, name: &str) -> Result<bool, ParamError> {
        match self.value(name)? {
            ParamValue::Bool(b) => Ok(*b),
            other => Err(Self::mistyped(name, "true or false", other)),
        }
    }

    /// The string `name`.
    pub(super) fn text(&self, name: &str) -> Result<&str, ParamError> {
        match self.value(name)? {
            ParamValue::Text(text) => Ok(text),
            other => Err(Self::mistyped(name, "a string", other)),
        }
    }

    /// The place `name` in `allowed`, or `None` where it is `random`.
    pub(super) fn pos(&self, name: &str, allowed: Area) -> Result<Option<Pos>, ParamError> {
        if self.text(name)? == "random" {
            return Ok(None);
        }
        self.pair(name, allowed, "`random` or ").map(Some)
    }

    /// The place `name` in `allowed`.
    pub(super) fn pos_in(&self, name: &str, allowed: Area) -> Result<Pos, ParamError> {
        self.pair(name, allowed, "")
    }

    fn pair(&self, name: &str, allowed: Area, or: &str) -> Result<Pos, ParamError> {
        let text = self.text(name)?;
        let Area { top, width, height } = allowed;
        let (right, bottom) = (top.x + width - 1, top.y + height - 1);
        let read = |part: &str| part.trim().parse::<i32>().ok();
        let pos = text.split_once(',').and_then(|(x, y)| Some(Pos::new(read(x)?, read(y)?)));
        pos.filter(|p| (top.x..=right).contains(&p.x) && (top.y..=bottom).contains(&p.y))
            .ok_or_else(|| {
                let message = format!(
                    "expected {or}X,Y with X from {} to {right} and Y from {} to {bottom}, \
                     found `{text}`",
                    top.x, top.y
                );
                ParamError::invalid(name, message)
            })
    }

    /// Where the agent starts within `allowed` and where it looks; `None` where
    /// both are random.
    pub(super) fn start(&self, allowed: Area) -> Result<Option<(Pos, Direction)>, ParamError> {
        let dir = Direction::ALL[self.int("agent_start_dir")?.rem_euclid(4) as usize];
        Ok(self.pos("agent_start_pos", allowed)?.map(|pos| (pos, dir)))
    }
}

/// The cells of a `width` by `height` grid inside its outer walls.
pub(super) fn inside(width: i32, height: i32) -> Area {
    Area::new(1, 1, width - 2, height - 2)
}
