"""Spaces: the sets of values that observations and actions may take.

User code is handed the classes of Gymnasium or of gym where it has imported one of them. These are
for everyone else, and do the same: `sample`, `seed`, `contains`, `shape`, `dtype`, equality, and
equal samples for equal seeds.
"""

from ._box import Box
from ._discrete import Discrete, MultiBinary, MultiDiscrete
from ._native import classes, from_native, to_native
from ._product import Dict, Tuple
from ._space import Space
from ._text import Text

__all__ = [
    "Box",
    "Dict",
    "Discrete",
    "MultiBinary",
    "MultiDiscrete",
    "Space",
    "Text",
    "Tuple",
    "classes",
    "from_native",
    "to_native",
]
