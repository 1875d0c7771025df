"""The rules on scripts: each a function over all of them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType

from nexiom_runner.lint.rule import Found
from nexiom_runner.lint.rules.contract import (
    aggregate_over_no_rows,
    function_redefined,
    grants_lost,
    keys_disagree,
    or_replace_resets,
    revoke_without_effect,
    stable_that_writes,
)
from nexiom_runner.lint.rules.security import definer_unqualified_name, injectable_execute
from nexiom_runner.lint.texts import Texts

ON_SCRIPTS: Mapping[str, Callable[[Texts], Iterator[Found]]] = MappingProxyType(
    {
        "aggregate-over-no-rows": aggregate_over_no_rows.find,
        "definer-unqualified-name": definer_unqualified_name.find,
        "function-redefined": function_redefined.find,
        "grants-lost": grants_lost.find,
        "injectable-execute": injectable_execute.find,
        "keys-disagree": keys_disagree.find,
        "or-replace-resets": or_replace_resets.find,
        "revoke-without-effect": revoke_without_effect.find,
        "stable-that-writes": stable_that_writes.find,
    }
)


def find_in_scripts(texts: Texts, rules: Collection[str]) -> Iterator[Found]:
    """What these rules find in the scripts."""
    for rule, find in ON_SCRIPTS.items():
        if rule in rules:
            yield from find(texts)
