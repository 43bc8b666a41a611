//! The world as a picture: a disc for each object in the colour of its kind, a white
//! square for the agent, and lighter cells where the agent sees.

use super::world::World;
use crate::{Frame, RenderOptions};

type Color = [u8; 3];

/// Of the kinds, from the first.
const KINDS: [Color; 8] = [
    [230, 60, 60],
    [70, 130, 240],
    [90, 200, 90],
    [240, 200, 50],
    [180, 90, 220],
    [240, 140, 40],
    [60, 200, 210],
    [240, 130, 180],
];
const AGENT: Color = [255, 255, 255];
const LINE: Color = [60, 60, 60];
const GROUND: Color = [20, 20, 20];
const SEEN: Color = [50, 50, 50];

/// Draws all of the world, or what the agent sees of it.
pub(super) fn draw(world: &World, options: &RenderOptions) -> Frame {
    let (size, view) = (world.settings().size, world.settings().view_size);
    let (agent, reach) = (world.agent(), view / 2);
    // How far a coordinate lies behind the view's first one, around the world.
    let into_view = |at: usize, agent: usize| (at + size + reach - agent) % size;
    let cells = if options.agent_pov { view } else { size };
    let side = cells * options.tile_size;
    let mut frame = Frame::new(side, side);
    for (i, pixel) in frame.pixels_mut().chunks_exact_mut(3).enumerate() {
        let (column, row) = (i % side, i / side);
        let (mut x, mut y) = (column / options.tile_size, row / options.tile_size);
        if options.agent_pov {
            (x, y) = ((x + agent.0 + size - reach) % size, (y + agent.1 + size - reach) % size);
        }
        let seen = into_view(x, agent.0) < view && into_view(y, agent.1) < view;
        let ground = if seen && options.highlight { SEEN } else { GROUND };
        let inside = |at: usize| (at % options.tile_size) as f64 + 0.5;
        let place = [column, row].map(|at| inside(at) / options.tile_size as f64 - 0.5);
        let kind = match (x, y) == agent {
            true => None,
            false => usize::from(world.cell(x, y)).checked_sub(1),
        };
        let color = match kind {
            _ if column % options.tile_size == 0 || row % options.tile_size == 0 => LINE,
            None if (x, y) == agent && place.iter().all(|p| p.abs() < 0.3) => AGENT,
            Some(kind) if place[0].hypot(place[1]) < 0.32 => KINDS[kind],
            _ => ground,
        };
        pixel.copy_from_slice(&color);
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;
    use crate::resolve_params;

    /// The colour in the middle of each cell says what lies there, in all of the world
    /// and in what the agent sees.
    #[test]
    fn a_cells_middle_shows_what_lies_there() {
        let given = r#"{"size": 9, "view_size": 5, "density": 0.3}"#;
        let params = resolve_params(&Settings::params(), &serde_json::from_str(given).unwrap());
        let mut world = World::new(Settings::read(&params.unwrap()).unwrap(), 3);
        // Near a corner, so that the view crosses the sides.
        for action in [0, 0, 0, 0, 1, 1, 1] {
            world.step(action).unwrap();
        }
        let mut seen = [0; 25];
        world.view(&mut seen);
        for (agent_pov, cells) in [(false, 9), (true, 5)] {
            let options = RenderOptions { tile_size: 8, agent_pov, highlight: true };
            let frame = draw(&world, &options);
            assert_eq!((frame.width(), frame.height()), (8 * cells, 8 * cells));
            for (x, y) in (0..cells).flat_map(|y| (0..cells).map(move |x| (x, y))) {
                let middle = (y * 8 + 4) * 8 * cells + x * 8 + 4;
                let found: Color = frame.pixels()[3 * middle..][..3].try_into().unwrap();
                let here = if agent_pov { (2, 2) } else { world.agent() };
                let kind = if agent_pov { seen[y * cells + x] } else { world.cell(x, y) };
                let expected = match usize::from(kind).checked_sub(1) {
                    _ if (x, y) == here => AGENT,
                    Some(kind) => KINDS[kind],
                    None if agent_pov || found == SEEN => SEEN,
                    None => GROUND,
                };
                assert_eq!(found, expected, "{agent_pov}, {x}, {y}");
            }
        }
        let lit = |highlight| {
            let frame = draw(&world, &RenderOptions { tile_size: 8, agent_pov: false, highlight });
            let middles = (0..81).filter(|cell| {
                let middle = (cell / 9 * 8 + 4) * 72 + cell % 9 * 8 + 4;
                frame.pixels()[3 * middle..][..3] == SEEN
            });
            middles.count()
        };
        assert_eq!(lit(true), seen.iter().filter(|kind| **kind == 0).count() - 1);
        assert_eq!(lit(false), 0);
    }
}
