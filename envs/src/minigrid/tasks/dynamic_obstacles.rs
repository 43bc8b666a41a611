//! `DynObstacles` and `Dynamic-Obstacles`: to the goal among balls that move
//! about at random; walking into one fails.

use crate::EnvFamily;
use crate::minigrid::cell::{Cell, Color, Kind};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, MAX_SIDE, inside, int_spec, size_spec, start_specs};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Area, Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use crate::{ParamError, ParamSpec};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Dynamic-Obstacles",
    prefixes: &["MiniGrid-Dynamic-Obstacles-", "DynObstaclesS"],
    task: "To the goal among blue balls that move to a random free cell around them in every step, \
        before the agent moves. Under minigrid's ids there are three actions: turn left, turn \
        right, forward.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`. Stepping towards a ball pays -1, and so does \
        stepping towards a wall under minigrid's ids; what counts is what stood there before the \
        balls moved.",
    end: "The goal and what pays -1 terminate it, `max_steps` steps truncate it.",
    parameters: "Where `n_obstacles` is more than `size / 2 + 1` there are `size / 2` balls. \
        `agent_start_pos` lies inside the walls. `max_steps` where none is given: `4 * size * \
        size`.",
};

const BALL: Cell = Cell::ball(Color::Blue);

/// Tries to find a ball a new cell; it stays where it is when they fail.
const MOVE_TRIES: u32 = 100;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DynamicObstacles {
    /// Whether walls hurt like balls: in minigrid, but not in TELLA.
    walls_hurt: bool,
    /// Where the agent starts and looks; anywhere where there is none.
    start: Option<(Pos, Direction)>,
    /// Where the balls are, in the order in which they move.
    balls: Vec<Pos>,
}

impl DynamicObstacles {
    fn new(balls: usize, walls_hurt: bool, start: Option<(Pos, Direction)>) -> Self {
        DynamicObstacles { walls_hurt, start, balls: vec![Pos::NOWHERE; balls] }
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
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        world.grid.set(Pos::new(area.width - 2, area.height - 2), Cell::GOAL);
        match self.start {
            Some((pos, dir)) => world.put_agent(pos, dir),
            None => world.place_agent(area, ANY_TRIES)?,
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

fn setup(size: i32) -> Setup {
    Setup::square(size, 4 * size * size).seen_through()
}

fn params(size: i32, balls: i32, start: &str) -> Vec<ParamSpec> {
    let help = "Balls; where they are more than size / 2 + 1, they are size / 2";
    let mut params = vec![
        size_spec(size, 5, "Side of the room, walls included"),
        int_spec("n_obstacles", balls, 0, MAX_SIDE, help),
    ];
    params.extend(start_specs(start));
    params
}

fn level(given: &Given<'_>) -> Result<(Setup, DynamicObstacles), ParamError> {
    let (size, balls) = (given.int("size")?, given.int("n_obstacles")?);
    // Upstream divides without rounding: size 5 allows 3.5, which is 3.
    let balls = if balls <= size / 2 + 1 { balls } else { size / 2 };
    let start = given.start(inside(size, size))?;
    Ok((setup(size), DynamicObstacles::new(balls as usize, true, start)))
}

pub(super) fn entries() -> Vec<Entry> {
    let tella =
        [("DynObstaclesS6N1", 6, 1), ("DynObstaclesS8N2", 8, 2), ("DynObstaclesS10N3", 10, 3)];
    let tella = tella.map(|(name, size, balls)| {
        let balls_in_words =
            if balls == 1 { "1 moving ball" } else { &format!("{balls} moving balls") };
        let summary = format!("To the goal among {balls_in_words}, {size} by {size}");
        let start = Some((Pos::new(1, 1), Direction::Right));
        Entry::tella(name, summary, setup(size), DynamicObstacles::new(balls, false, start))
    });
    let ids = [
        ("MiniGrid-Dynamic-Obstacles-5x5-v0", 5, 2, "1,1"),
        ("MiniGrid-Dynamic-Obstacles-Random-5x5-v0", 5, 2, "random"),
        ("MiniGrid-Dynamic-Obstacles-6x6-v0", 6, 3, "1,1"),
        ("MiniGrid-Dynamic-Obstacles-Random-6x6-v0", 6, 3, "random"),
        ("MiniGrid-Dynamic-Obstacles-8x8-v0", 8, 4, "1,1"),
        ("MiniGrid-Dynamic-Obstacles-16x16-v0", 16, 8, "1,1"),
    ];
    let ids = ids.map(|(id, size, balls, start)| {
        let from = if start == "random" { ", from anywhere" } else { "" };
        let summary =
            format!("To the goal among {balls} moving balls, {size} by {size}{from}; walls hurt");
        // Turns and steps only.
        Entry::minigrid(id, summary, params(size, balls, start), 3, level)
    });
    tella.into_iter().chain(ids).collect()
}
