"""What an agent is told of one step of one environment."""

from typing import Any, NamedTuple


class Transition(NamedTuple):
    """A step, with TELLA's fields in TELLA's order."""

    observation: Any
    action: Any
    reward: float | None
    """None where the curriculum hides rewards."""
    done: bool
    """The episode is over, for whichever reason."""
    next_observation: Any
