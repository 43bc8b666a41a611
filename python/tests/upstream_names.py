"""Public names of TELLA's modules, with kinds and signatures, as JSON on standard output.

Runs in TELLA's venv and in this package's. An argument is a module; modules below it are walked too.
"""

import importlib
import inspect
import json
import pkgutil
import sys


def signature(value):
    """Parameters as name, kind and default; None for what has no signature."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return None
    return [
        [p.name, p.kind.name, None if p.default is p.empty else repr(p.default)] for p in parameters
    ]


def kind(value):
    return "class" if inspect.isclass(value) else "function" if callable(value) else "value"


def members(cls):
    """Public methods and properties that a class or one of its bases in the package has."""
    found = {}
    for base in cls.__mro__:
        if base.__module__.partition(".")[0] != "tella":
            continue
        for name, value in vars(base).items():
            if name in found or (name.startswith("_") and name != "__init__"):
                continue
            member = getattr(cls, name)
            found[name] = signature(member) if callable(member) else "value"
    return found


def describe(module):
    names = {}
    for name in dir(module):
        value = getattr(module, name)
        if inspect.ismodule(value) or name.startswith("__"):
            continue
        home = getattr(value, "__module__", module.__name__)
        own = isinstance(home, str) and home.partition(".")[0] == "tella"
        if (inspect.isclass(value) or callable(value)) and not own:
            continue  # of another package, imported
        if name.startswith("_"):
            continue
        names[name] = {
            "kind": kind(value),
            "signature": signature(value),
            "members": members(value) if inspect.isclass(value) else {},
        }
    return names


def walk(name):
    module = importlib.import_module(name)
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        try:
            yield from walk(f"{name}.{found.name}")
        except ImportError as error:
            print(f"{name}.{found.name}: {error}", file=sys.stderr)


json.dump({module.__name__: describe(module) for module in walk(sys.argv[1])}, sys.stdout)
