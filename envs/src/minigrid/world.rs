//! The world: a grid, an agent in it, and the random stream that both come from.

use super::cell::{Cell, Kind};
use super::grid::Grid;
use super::position::{Direction, Pos};
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

/// What an agent can do, numbered as in gym-minigrid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// Turn left.
    Left = 0,
    /// Turn right.
    Right = 1,
    /// Step to the cell in front.
    Forward = 2,
    /// Take what lies in front.
    Pickup = 3,
    /// Put down what is carried.
    Drop = 4,
    /// Open or close the door, or open the box, in front.
    Toggle = 5,
    /// Nothing; by convention a statement that the task is finished.
    Done = 6,
}

impl Action {
    /// All of them, in the order of their numbers.
    pub const ALL: [Action; 7] = [
        Action::Left,
        Action::Right,
        Action::Forward,
        Action::Pickup,
        Action::Drop,
        Action::Toggle,
        Action::Done,
    ];
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The step's reward.
    pub reward: f64,
    /// The task succeeded or failed.
    pub terminated: bool,
}

impl Outcome {
    /// A step on the way.
    pub const ONGOING: Outcome = Outcome { reward: 0.0, terminated: false };

    /// The end of the episode, with this reward.
    pub const fn end(reward: f64) -> Outcome {
        Outcome { reward, terminated: true }
    }
}

/// Longest mission text; as many characters as minigrid's `FlatObsWrapper` has room for.
pub(super) const MISSION_LENGTH: usize = 96;

/// What is constant about a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Columns, outer walls included.
    pub width: usize,
    /// Rows, outer walls included.
    pub height: usize,
    /// Steps after which an episode is cut; success is worth less the later it comes.
    pub max_steps: u32,
    /// Whether the agent sees everything in its field of view.
    pub see_through_walls: bool,
}

impl Setup {
    /// A world of `width` by `height` cells in which walls block sight.
    pub const fn new(width: i32, height: i32, max_steps: i32) -> Setup {
        let (width, height) = (width as usize, height as usize);
        Setup { width, height, max_steps: max_steps as u32, see_through_walls: false }
    }

    /// A world of `size` by `size` cells in which walls block sight.
    pub const fn square(size: i32, max_steps: i32) -> Setup {
        Setup::new(size, size, max_steps)
    }

    /// The same world, but walls do not block sight.
    pub const fn seen_through(self) -> Setup {
        Setup { see_through_walls: true, ..self }
    }
}

/// A grid, an agent in it, and the random stream that both come from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct World {
    /// What is constant.
    pub(super) setup: Setup,
    /// The cells. The agent is not in them: it stands on a cell.
    pub grid: Grid,
    /// Where the agent stands.
    pub agent_pos: Pos,
    /// Where the agent looks.
    pub agent_dir: Direction,
    /// What the agent carries; [`Cell::EMPTY`] for nothing.
    pub carrying: Cell,
    /// Steps taken in this episode.
    pub step_count: u32,
    /// What the agent is asked to do.
    pub mission: String,
    /// Where every random choice comes from.
    pub rng: Generator,
}

impl World {
    /// An empty world whose random stream starts from seed 0.
    pub fn new(setup: Setup) -> World {
        World {
            setup,
            grid: Grid::new(setup.width, setup.height),
            agent_pos: Pos::NOWHERE,
            agent_dir: Direction::Right,
            carrying: Cell::EMPTY,
            step_count: 0,
            mission: String::new(),
            rng: Generator::new(0),
        }
    }

    /// What is constant about this world.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Empties the world for the next episode; the random stream goes on.
    pub(super) fn clear(&mut self) {
        self.grid.clear();
        self.agent_pos = Pos::NOWHERE;
        self.carrying = Cell::EMPTY;
        self.step_count = 0;
    }

    /// Puts the agent at `pos`, looking in direction `dir`.
    pub fn put_agent(&mut self, pos: Pos, dir: Direction) {
        self.agent_pos = pos;
        self.agent_dir = dir;
    }

    /// Sets the mission without giving up the text's buffer, which is large enough
    /// for any.
    pub fn set_mission(&mut self, words: &[&str]) {
        self.mission.clear();
        self.mission.reserve(MISSION_LENGTH);
        for word in words {
            self.mission.push_str(word);
        }
    }

    /// The cell the agent looks at.
    #[inline]
    pub fn front_pos(&self) -> Pos {
        self.agent_pos.ahead(self.agent_dir)
    }

    /// What lies in the cell the agent looks at.
    #[inline]
    pub fn front_cell(&self) -> Cell {
        self.grid.get(self.front_pos())
    }

    /// What success is worth now: `1 - 0.9 * step_count / max_steps`.
    pub fn success_reward(&self) -> f64 {
        1.0 - 0.9 * (f64::from(self.step_count) / f64::from(self.setup.max_steps))
    }

    /// Whether the episode's time is up.
    #[inline]
    pub fn timed_out(&self) -> bool {
        self.step_count >= self.setup.max_steps
    }

    /// The rules that all tasks share: one action of the agent. Entering the goal
    /// succeeds; entering lava fails with reward 0.
    pub fn act(&mut self, action: Action) -> Outcome {
        self.step_count += 1;
        let front_pos = self.front_pos();
        let front = self.grid.get(front_pos);
        match action {
            Action::Left => self.agent_dir = self.agent_dir.turned_left(),
            Action::Right => self.agent_dir = self.agent_dir.turned_right(),
            Action::Forward => {
                if front.can_overlap() {
                    self.agent_pos = front_pos;
                }
                match front.kind() {
                    Kind::Goal => return Outcome::end(self.success_reward()),
                    Kind::Lava => return Outcome::end(0.0),
                    _ => {}
                }
            }
            Action::Pickup => {
                if front.can_pickup() && self.carrying.is_empty() {
                    self.carrying = front;
                    self.grid.set(front_pos, Cell::EMPTY);
                }
            }
            Action::Drop => {
                if front.is_empty() && !self.carrying.is_empty() {
                    self.grid.set(front_pos, self.carrying);
                    self.carrying = Cell::EMPTY;
                }
            }
            Action::Toggle => {
                let toggled = front.toggled(self.carrying);
                if toggled != front {
                    self.grid.set(front_pos, toggled);
                }
            }
            Action::Done => {}
        }
        Outcome::ONGOING
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Color;
    use super::*;

    fn world() -> World {
        let setup = Setup { width: 5, height: 5, max_steps: 10, see_through_walls: false };
        let mut world = World::new(setup);
        world.grid.wall_rect(world.grid.area());
        world.put_agent(Pos::new(1, 1), Direction::Right);
        world
    }

    #[test]
    fn what_is_carried_comes_down_again_with_what_it_contains() {
        let mut world = world();
        let chest = Cell::box_with(Color::Red, Cell::key(Color::Blue));
        world.grid.set(Pos::new(2, 1), chest);
        world.act(Action::Pickup);
        assert_eq!((world.carrying, world.front_cell()), (chest, Cell::EMPTY));
        world.act(Action::Right);
        world.act(Action::Drop);
        assert_eq!((world.carrying, world.front_cell()), (Cell::EMPTY, chest));
        world.act(Action::Toggle);
        assert_eq!(world.front_cell(), Cell::key(Color::Blue));
    }

    #[test]
    fn one_thing_at_a_time_is_carried_and_none_is_put_on_another() {
        let mut world = world();
        let (key, ball) = (Cell::key(Color::Red), Cell::ball(Color::Red));
        world.carrying = key;
        world.grid.set(Pos::new(2, 1), ball);
        world.act(Action::Pickup);
        world.act(Action::Drop);
        world.act(Action::Forward);
        assert_eq!((world.carrying, world.front_cell()), (key, ball));
        assert_eq!(world.agent_pos, Pos::new(1, 1));
    }

    #[test]
    fn success_is_worth_less_with_every_step() {
        let mut world = world();
        world.grid.set(Pos::new(2, 1), Cell::GOAL);
        for _ in 0..4 {
            assert_eq!(world.act(Action::Left), Outcome::ONGOING);
        }
        assert_eq!(world.act(Action::Forward), Outcome::end(1.0 - 0.9 * 0.5));
    }
}
