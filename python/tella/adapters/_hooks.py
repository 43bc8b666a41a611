"""Hooks of agents that are told no tasks."""


class ToldNoTasks:
    """TELLA's hooks, of which the one that says whether learning is allowed is kept."""

    #: Whether the block under way is for learning.
    is_learning_allowed = False

    def block_start(self, is_learning_allowed: bool) -> None:
        self.is_learning_allowed = is_learning_allowed

    def task_start(self, task_name: str | None) -> None:
        """Nothing. A subclass may keep the name."""

    def task_variant_start(self, task_name: str | None, variant_name: str | None) -> None:
        """Nothing. A subclass may keep the names."""

    def task_variant_end(self, task_name: str | None, variant_name: str | None) -> None:
        """Nothing."""

    def task_end(self, task_name: str | None) -> None:
        """Nothing."""

    def block_end(self, is_learning_allowed: bool) -> None:
        """Nothing: the variant's end was told."""
