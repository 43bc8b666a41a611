"""Agents made by name for the native engine."""

import inspect
from typing import Any

from . import _named
from .spaces import from_native

#: What every agent is made from, by position.
_GIVEN = 5


def check(made_by: Any) -> None:
    """Raises where `made_by` is no class or function that makes agents, or the name of one."""
    found, name = _found(made_by), _name(made_by)
    if inspect.isclass(found) and (missing := missing_hook(found)):
        raise _named.NotFound(f"`{name}` is no agent: it has no `{missing}`")


def missing_hook(agent: Any) -> str | None:
    """What an agent, or its class, has to have and has not."""
    if all(hasattr(agent, hook) for hook in BATCH_HOOKS):
        return None
    hooks = ("choose_actions", "receive_transitions")
    return next((hook for hook in hooks if not hasattr(agent, hook)), None)


#: With both of these an agent is called once for all environments.
BATCH_HOOKS = ("choose_actions_batch", "receive_transition_batch")


def parameters(made_by: Any) -> list[tuple[str, bool | int | float | str]]:
    """What `--set agent.NAME=VALUE` may set of an agent: keyword parameters after TELLA's own."""
    return _named.keyword_parameters(_found(made_by), _GIVEN)


def make(
    made_by: Any,
    rng_seed: int,
    observation_space: Any,
    action_space: Any,
    num_envs: int,
    config_file: str,
    parameters: dict[str, Any],
) -> Any:
    """An agent by what makes it or its name; spaces in their native form."""
    make_it = _found(made_by)
    spaces = (from_native(observation_space), from_native(action_space))
    given: tuple[Any, ...] = (rng_seed, *spaces, num_envs, config_file or None)
    if not config_file and not _takes(make_it, given):
        given = given[:-1]
    made = make_it(*given, **parameters)
    if missing := missing_hook(made):
        raise TypeError(
            f"`{_name(made_by)}` made {type(made).__name__}, which is no agent: it has no `{missing}`"
        )
    return made


def _found(made_by: Any) -> Any:
    return _named.find(made_by) if isinstance(made_by, str) else made_by


def _name(made_by: Any) -> str:
    return made_by if isinstance(made_by, str) else getattr(made_by, "__name__", repr(made_by))


def _takes(make_it: Any, given: tuple[Any, ...]) -> bool:
    try:
        inspect.signature(make_it).bind(*given)
    except TypeError:
        return False
    except ValueError:  # native code that does not tell
        return True
    return True


def has_own_state(agent: Any) -> bool:
    """Whether the agent saves and restores itself: `save()` and `restore(state)`."""
    try:
        inspect.signature(agent.save).bind()
        inspect.signature(agent.restore).bind(b"")
    except (AttributeError, TypeError, ValueError):
        return False
    return True
