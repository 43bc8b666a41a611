"""A curriculum as an outline to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..curriculum import AbstractCurriculum, TaskBlock, TaskVariant


def summarize_curriculum(curriculum: AbstractCurriculum) -> str:
    """The blocks, task blocks and variants of a curriculum, a line each, in TELLA's words.

    It walks the curriculum, so give it a copy of one that is yet to be lived.
    """
    blocks = []
    for number, block in enumerate(curriculum.learn_blocks_and_eval_blocks(), start=1):
        tasks = [_task(i, task) for i, task in enumerate(block.task_blocks(), start=1)]
        kind = "learning" if block.is_learning_allowed else "evaluation"
        head = f"\n\n\tBlock {number}, {kind}: {_counted(len(tasks), 'task')}"
        blocks.append(head + "".join(tasks))
    return f"This curriculum has {_counted(len(blocks), 'block')}" + "".join(blocks)


def _task(number: int, task: TaskBlock) -> str:
    variants = [_variant(i, variant) for i, variant in enumerate(task.task_variants(), start=1)]
    count = _counted(len(variants), "variant")
    return f"\n\t\tTask {number}, {task.task_label}: {count}" + "".join(variants)


def _variant(number: int, variant: TaskVariant) -> str:
    if variant.num_episodes is not None:
        length = _counted(variant.num_episodes, "episode")
    else:
        length = _counted(variant.num_steps or 0, "step")
    label = f"{variant.task_label} - {variant.variant_label}"
    return f"\n\t\t\tTask variant {number}, {label}: {length}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
