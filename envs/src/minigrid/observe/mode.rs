//! The parameters that choose how a world is shown.

use super::super::given::{Given, int_spec};
use super::super::view::{MAX_VIEW_SIZE, VIEW_SIZE};
use super::super::world::Setup;
use super::flat::Flat;
use super::full::Full;
use super::one_hot::OneHot;
use super::partial::Partial;
use super::picture::{Picture, Shown};
use super::rgb::Rgb;
use super::rgb_partial::RgbPartial;
use super::symbolic::Symbolic;
use crate::{ParamError, ParamSpec};

/// An environment without wrappers.
const DICT: &str = "dict";

/// The image of [`DICT`] alone.
const IMAGE: &str = "image";

/// The one without a `Dict` form.
const FLAT: &str = "flat";

/// Every way there is, the default first. What ends in `-image` is the image of
/// the way before it alone, as behind minigrid's `ImgObsWrapper`.
const MODES: [&str; 13] = [
    DICT,
    IMAGE,
    "full",
    "full-image",
    "one-hot",
    "one-hot-image",
    "rgb",
    "rgb-image",
    "rgb-partial",
    "rgb-partial-image",
    "symbolic",
    "symbolic-image",
    FLAT,
];

/// Side of a cell in pixels where no other is asked for, and the greatest.
const TILE_SIZES: (i32, i32) = (8, 64);

/// Longest side of an observation in pixels.
const MAX_PIXELS: usize = 1024;

/// A way to show a world, told apart by what a batch is compiled for.
pub(in super::super) enum Chosen {
    /// [`super::Described`].
    Described,
    /// [`super::Image`].
    Image,
    /// Any other.
    Other(Shown),
}

/// The parameters `observation`, `agent_view_size` and `tile_size`.
pub(in super::super) fn specs() -> [ParamSpec; 3] {
    let help = "What the agent is shown; see the reference of observations";
    let observation = ParamSpec::choice("observation", &MODES, help);
    let help = "Side of the square of cells that the agent sees; odd";
    let view_size = int_spec("agent_view_size", VIEW_SIZE as i32, 3, MAX_VIEW_SIZE as i32, help);
    let help = "Side of a cell in pixels, where the observation is a picture";
    let (default, max) = TILE_SIZES;
    [observation, view_size, int_spec("tile_size", default, 1, max, help)]
}

/// What the parameters choose for worlds of this setup.
pub(in super::super) fn choose(given: &Given<'_>, setup: &Setup) -> Result<Chosen, ParamError> {
    let mode = given.text("observation")?;
    let view_size = given.odd("agent_view_size")? as usize;
    let tile_size = given.int("tile_size")? as usize;
    let cells = match mode {
        "rgb" | "rgb-image" => setup.width.max(setup.height),
        "rgb-partial" | "rgb-partial-image" => view_size,
        _ => 1,
    };
    if cells * tile_size > MAX_PIXELS {
        let most = MAX_PIXELS / cells;
        let message = format!(
            "expected an integer from 1 to {most} where {cells} cells are in a row, found {tile_size}"
        );
        return Err(ParamError::invalid("tile_size", message));
    }
    let (name, alone) = match mode {
        DICT if view_size == VIEW_SIZE => return Ok(Chosen::Described),
        IMAGE if view_size == VIEW_SIZE => return Ok(Chosen::Image),
        IMAGE => (DICT, true),
        _ => match mode.strip_suffix("-image") {
            Some(name) => (name, true),
            None => (mode, mode == FLAT),
        },
    };
    let picture: Box<dyn Picture> = match name {
        DICT => Box::new(Partial { view_size }),
        "full" => Box::new(Full),
        "one-hot" => Box::new(OneHot::new(view_size)),
        "rgb" => Box::new(Rgb::new(tile_size, view_size)),
        "rgb-partial" => Box::new(RgbPartial::new(tile_size, view_size)),
        "symbolic" => Box::new(Symbolic),
        FLAT => Box::new(Flat { view_size }),
        _ => {
            let message = format!("`{mode}` is not one of {}", MODES.join(", "));
            return Err(ParamError::invalid("observation", message));
        }
    };
    Ok(Chosen::Other(Shown { picture, described: !alone, view_size }))
}
