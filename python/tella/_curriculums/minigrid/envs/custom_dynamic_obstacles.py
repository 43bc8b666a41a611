"""Dynamic obstacles that only hurt who walks into one: walls do no harm, and balls stay where they are."""

import gym
from gym_minigrid.envs import DynamicObstaclesEnv  # type: ignore[import-untyped]
from gym_minigrid.minigrid import MiniGridEnv  # type: ignore[import-untyped]


class CustomDynamicObstaclesEnv(DynamicObstaclesEnv):
    """Balls wander; walking into one, as it stood before, is worth -1 and ends the episode."""

    def __init__(self, size=8, agent_start_pos=(1, 1), agent_start_dir=0, n_obstacles=4):
        super().__init__(size, agent_start_pos, agent_start_dir, n_obstacles)
        # The class above leaves three actions. All seven are back, for a wrapper to choose from.
        self.action_space = gym.spaces.Discrete(7)

    def step(self, action):
        ahead = self.grid.get(*self.front_pos)
        into_ball = ahead is not None and ahead.type == "ball"
        for ball in self.obstacles:
            self._wander(ball)
        observation, reward, done, info = MiniGridEnv.step(self, action)
        if into_ball and action == self.actions.forward:
            reward, done = -1, True
        return observation, reward, done, info

    def _wander(self, ball):
        """To a free cell next to it; it stays if none is found in a hundred tries."""
        x, y = ball.cur_pos
        try:
            self.place_obj(ball, top=(x - 1, y - 1), size=(3, 3), max_tries=100)
        except RecursionError:
            return
        self.grid.set(x, y, None)

    def _gen_grid(self, width, height):
        super()._gen_grid(width, height)
        for ball in self.obstacles:
            ball.can_pickup = lambda: False


class CustomDynamicObstaclesS6N1(CustomDynamicObstaclesEnv):
    """One ball on 6 by 6."""

    def __init__(self, agent_start_pos=(1, 1), agent_start_dir=0):
        super().__init__(6, agent_start_pos, agent_start_dir, 1)


class CustomDynamicObstaclesS8N2(CustomDynamicObstaclesEnv):
    """Two balls on 8 by 8."""

    def __init__(self, agent_start_pos=(1, 1), agent_start_dir=0):
        super().__init__(8, agent_start_pos, agent_start_dir, 2)


class CustomDynamicObstaclesS10N3(CustomDynamicObstaclesEnv):
    """Three balls on 10 by 10."""

    def __init__(self, agent_start_pos=(1, 1), agent_start_dir=0):
        super().__init__(10, agent_start_pos, agent_start_dir, 3)
