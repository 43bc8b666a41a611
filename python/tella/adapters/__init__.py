"""Agents of other libraries as agents of this one: one module a library, imported only by whom it is named.

- `tella.adapters.stable_baselines3`: any algorithm of Stable-Baselines3.
- `tella.adapters.loop`: a training loop that steps environments itself, as CleanRL's files do.
"""
