"""The hazard rules over what a plan would run."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from nexiom_runner.lint.moves import Facts, Move, moves
from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.rules.contract import schema_cache_stale
from nexiom_runner.lint.rules.hazard import (
    blocks_readers,
    check_at_once,
    column_type_change,
    drop_in_use,
    enum_value_renamed,
    foreign_key_at_once,
    index_blocks_writes,
    lock_held,
    no_lock_timeout,
    not_null_at_once,
    rename_in_use,
    table_rewrite,
    unique_at_once,
    validated_together,
    volatile_default,
)
from nexiom_runner.plan.model import Plan

HAZARDS: Mapping[str, Callable[[Move], Iterator[Found]]] = MappingProxyType(
    {
        "blocks-readers": blocks_readers.find,
        "check-at-once": check_at_once.find,
        "column-type-change": column_type_change.find,
        "drop-in-use": drop_in_use.find,
        "enum-value-renamed": enum_value_renamed.find,
        "foreign-key-at-once": foreign_key_at_once.find,
        "index-blocks-writes": index_blocks_writes.find,
        "lock-held": lock_held.find,
        "no-lock-timeout": no_lock_timeout.find,
        "not-null-at-once": not_null_at_once.find,
        "rename-in-use": rename_in_use.find,
        "table-rewrite": table_rewrite.find,
        "unique-at-once": unique_at_once.find,
        "validated-together": validated_together.find,
        "volatile-default": volatile_default.find,
    }
)


OF_THE_WHOLE: Mapping[str, Callable[[Sequence[Move]], Iterator[Found]]] = MappingProxyType(
    {"schema-cache-stale": schema_cache_stale.find}
)


def find_hazards(plan: Plan, facts: Facts, rules: Collection[str], lock_timeouts: Mapping[str, int]) -> Iterator[Found]:
    """What these rules find in the statements that would run, in order; what is of the whole plan comes last."""
    everything = tuple(moves(plan, facts, lock_timeouts))
    for move in everything:
        for rule, find in HAZARDS.items():
            if rule in rules:
                yield from find(move)
    for rule, find_in_all in OF_THE_WHOLE.items():
        if rule in rules:
            yield from find_in_all(everything)
