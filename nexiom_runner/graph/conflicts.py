"""What keeps scripts from having an order, told with both places and a way out."""

from collections.abc import Sequence

from nexiom_runner.errors import Fault
from nexiom_runner.graph.inference import Slot, Use
from nexiom_runner.graph.mentions import fault_at, locate, locate_creation
from nexiom_runner.graph.model import Edge
from nexiom_runner.graph.phases import find_cycle
from nexiom_runner.project.outline import Project
from nexiom_runner.sql.names import Name
from nexiom_runner.sql.script import Script


def needs_later_phase(script: Script, maker: Script, name: Name, project: Project) -> Fault:
    """An apply.sql uses what a later phase creates first."""
    phase = next(phase for phase in project.phases if phase.name == script.phase)
    needs = ", ".join([*(need.value for need in phase.needs), maker.phase])
    return fault_at(
        script,
        locate(script, name) or (0, 1),
        f'phase "{script.phase}" needs {name}, which phase "{maker.phase}" creates after it',
        detail=f"It is created at {_place(maker, name)}.",
        hint=f"Move one of them, or write into {phase.path}/phase.yml:  needs: [{needs}]",
    )


def squeezed(script: Script, maker: Script, name: Name, slot: Slot) -> Fault:
    """A repeatable must run after one apply.sql and before an earlier one (or the same)."""
    cause = slot.because
    assert cause is not None
    via = "" if cause.script is maker else f" through {cause.script.key}"
    found = locate(cause.script, cause.name) or (0, 1)
    return fault_at(
        maker,
        found if cause.script is maker else locate_creation(maker, name),
        f"{maker.key} must run after {cause.maker.key} and before {script.key}",
        detail=f"It mentions {cause.name}{via}, which {cause.maker.key} creates at {_place(cause.maker, cause.name)}; "
        f"{script.key} mentions {name} at {script.rendered.place((locate(script, name) or (0, 1))[0])}.",
        hint=f"Move what uses {name} out of {script.key}: into a repeatable, or into a phase after "
        f'"{cause.maker.phase}".',
    )


def goes_round(uses: Sequence[Use]) -> Fault:
    """Repeatables that each bind, at creation, what another of them creates."""
    edges = [Edge(use.maker.key, use.script.key, f"it mentions {use.name}") for use in uses]
    circle = find_cycle(edges)
    keys = {(edge.before, edge.after): edge for edge in circle}
    told = {(use.maker.key, use.script.key): use for use in uses if (use.maker.key, use.script.key) in keys}
    steps = []
    for edge in circle:
        use = told[edge.before, edge.after]
        place = use.script.rendered.place((locate(use.script, use.name) or (0, 1))[0])
        steps.append(f'"{edge.after}" waits for "{edge.before}": {edge.reason} at {place}.')
    names = " → ".join(f'"{edge.after}"' for edge in (*circle, circle[0]))
    first = told[circle[0].before, circle[0].after]
    return fault_at(
        first.script,
        locate(first.script, first.name) or (0, 1),
        f"the order goes round: {names}",
        detail=" ".join(steps),
        hint="Take one of them away; what a plpgsql body mentions makes no order.",
    )


def _place(script: Script, name: Name) -> str:
    return str(script.rendered.place(locate_creation(script, name)[0]))
