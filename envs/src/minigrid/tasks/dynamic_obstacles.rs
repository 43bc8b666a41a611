//! `DynObstacles` and `Dynamic-Obstacles`: to the goal among balls that move
//! about at random; walking into one fails.

use crate::minigrid::cell::{Cell, Color, Kind};
use crate::minigrid::entry::Entry;
use crate::minigrid::place::{ANY_TRIES, NoRoom};
use crate::minigrid::position::{Area, Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

const BALL: Cell = Cell::ball(Color::Blue);

/// Tries to find a ball a new cell; it stays where it is when they fail.
const MOVE_TRIES: u32 = 100;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DynamicObstacles {
    /// Whether walls hurt like balls: in gym-minigrid, but not in TELLA.
    walls_hurt: bool,
    /// Whether the agent starts anywhere, or in the top left corner.
    random_start: bool,
    /// Where the balls are, in the order in which they move.
    balls: Vec<Pos>,
}

impl DynamicObstacles {
    fn new(balls: usize, walls_hurt: bool, random_start: bool) -> Self {
        DynamicObstacles { walls_hurt, random_start, balls: vec![Pos::NOWHERE; balls] }
    }

    /// Each ball in turn moves to a free cell among the nine around it. Its own
    /// is not free, so it stays only where no other was found.
    fn move_balls(&mut self, world: &mut World) {
        for ball in &mut self.balls {
            let around = Area::new(ball.x - 1, ball.y - 1, 3, 3);
            if let Ok(pos) = world.place_obj(BALL, around, MOVE_TRIES, |_| false) {
                world.grid.set(*ball, Cell::EMPTY);
                *ball = pos;
            }
        }
    }
}

impl Task for DynamicObstacles {
    fn generate(&mut self, world: &mut World) -> Result<(), NoRoom> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        world.grid.set(Pos::new(area.width - 2, area.height - 2), Cell::GOAL);
        if self.random_start {
            world.place_agent(area, ANY_TRIES)?;
        } else {
            world.put_agent(Pos::new(1, 1), Direction::Right);
        }
        for ball in &mut self.balls {
            *ball = world.place_obj(BALL, area, MOVE_TRIES, |_| false)?;
        }
        world.set_mission(&["get to the green goal square"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        // What hurts is what lay in front before the balls moved.
        let hurts = action == Action::Forward
            && match world.front_cell().kind() {
                Kind::Ball => true,
                Kind::Empty | Kind::Goal => false,
                _ => self.walls_hurt,
            };
        self.move_balls(world);
        // These balls cannot be picked up, and nothing else could be.
        let action = if action == Action::Pickup { Action::Done } else { action };
        let outcome = world.act(action);
        if hurts { Outcome::end(-1.0) } else { outcome }
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let setup = |size: usize| Setup {
        width: size,
        height: size,
        max_steps: (4 * size * size) as u32,
        see_through_walls: true,
    };
    let tella =
        [("DynObstaclesS6N1", 6, 1), ("DynObstaclesS8N2", 8, 2), ("DynObstaclesS10N3", 10, 3)];
    let tella = tella.map(|(name, size, balls)| {
        let summary = format!("To the goal among {balls} moving balls, {size} by {size}");
        Entry::tella(name, summary, setup(size), DynamicObstacles::new(balls, false, false))
    });
    let plain = [
        ("MiniGrid-Dynamic-Obstacles-5x5-v0", 5, 2, false),
        ("MiniGrid-Dynamic-Obstacles-Random-5x5-v0", 5, 2, true),
        ("MiniGrid-Dynamic-Obstacles-6x6-v0", 6, 3, false),
        ("MiniGrid-Dynamic-Obstacles-Random-6x6-v0", 6, 3, true),
        ("MiniGrid-Dynamic-Obstacles-8x8-v0", 8, 4, false),
        ("MiniGrid-Dynamic-Obstacles-16x16-v0", 16, 8, false),
    ];
    let plain = plain.map(|(name, size, balls, random)| {
        let start = if random { ", from anywhere" } else { "" };
        let summary =
            format!("To the goal among {balls} moving balls, {size} by {size}{start}; walls hurt");
        let task = DynamicObstacles::new(balls, true, random);
        // Turns and steps only.
        Entry::plain(name, summary, setup(size), 3, task)
    });
    tella.into_iter().chain(plain).collect()
}
