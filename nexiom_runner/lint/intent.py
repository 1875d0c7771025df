"""What the phases declare, which is what a rule need not find: a reason, who may execute, who may select."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nexiom_runner.catalog.names import told
from nexiom_runner.lint.rule import Found
from nexiom_runner.project.in_force import ObjectKey, in_force, normalised_type
from nexiom_runner.project.model import Project

ATTRIBUTES = frozenset({"execute", "grants", "security", "search_path"})


@dataclass(frozen=True)
class Intent:
    """What is in force: the attributes stated of each object, by its name; functions with a `reason` have that too."""

    stated: Mapping[tuple[str, str], list[tuple[ObjectKey, str]]] = field(default_factory=dict)

    def silences(self, found: Found) -> bool:
        """Whether a phase declares what the finding says, so that it is meant."""
        stated = self.stated.get((found.schema or "public", found.name), ()) if found.unless else ()
        return any(attribute == found.unless and _meant(key, found.types) for key, attribute in stated)


def read_intent(project: Project, applied: Sequence[str]) -> Intent:
    """What the phases applied declare."""
    stated: dict[tuple[str, str], list[tuple[ObjectKey, str]]] = {}
    for one in in_force(project, applied):
        if one.attribute in ATTRIBUTES:
            stated.setdefault((one.key.schema, one.key.name), []).append((one.key, one.attribute))
    for key in _with_reason(project, applied):
        stated.setdefault((key.schema, key.name), []).append((key, "reason"))
    return Intent(stated)


def _with_reason(project: Project, applied: Sequence[str]) -> list[ObjectKey]:
    done = set(applied)
    found = []
    for phase in project.phases:
        for function in phase.functions if phase.name in done else ():
            if function.reason is not None:
                types = None
                if function.arguments is not None:
                    inputs = (argument for argument in function.arguments if argument.mode != "out")
                    types = tuple(normalised_type(argument.type) for argument in inputs)
                found.append(ObjectKey("function", function.schema, function.name, types))
    return found


def _meant(key: ObjectKey, types: str | None) -> bool:
    """Whether what is stated is of this overload; where nobody says of which, it is of each."""
    if types is None or key.types is None:
        return True
    live = [normalised_type(told(kind)) for kind in types.split(", ")] if types else []
    return [normalised_type(told(kind)) for kind in key.types] == live
