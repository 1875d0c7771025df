"""`shapes:` of nexiom.yml: shapes stated once, put in place wherever `$name` stands, and names that shapes hold."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from nexiom_runner.errors import Fault, Place, with_source
from nexiom_runner.project.keys import Faults
from nexiom_runner.project.model import CallExpectation, Phase, ResultOf, SqlTest, StatementExpectation
from nexiom_runner.project.names import unknown
from nexiom_runner.project.outline import Source
from nexiom_runner.shape.leaves import with_leaves
from nexiom_runner.shape.model import Named, PendingTrue, Shape
from nexiom_runner.tree import Scalar


class NamedShapes:
    """The shapes by name, each with what it names put in place; faults of names that are unknown or go in a circle."""

    def __init__(self, stated: Mapping[str, Shape], source: Source, targets: Iterable[str], faults: Faults) -> None:
        self._stated = dict(stated)
        self._targets = tuple(targets)
        self._faults = faults
        self._texts = {source.path: source.text}
        self._whole: dict[str, Shape] = {}
        for name, shape in stated.items():
            self._whole[name] = self._placed(shape, (name,))

    def phase(self, phase: Phase) -> Phase:
        """The phase with every shape whole."""
        if phase.settings is not None:
            self._texts[phase.settings.path] = phase.settings.text
        functions = tuple(
            replace(one, result=self._maybe(one.result), calls=tuple(map(self._call, one.calls)))
            if one.result is not None or one.calls
            else one
            for one in phase.functions
        )
        return replace(phase, functions=functions) if functions != phase.functions else phase

    def test(self, test: SqlTest) -> SqlTest:
        """The SQL test with every shape whole."""
        if test.settings is not None:
            self._texts[test.settings.path] = test.settings.text
        return replace(test, statements=tuple(map(self._statement, test.statements)))

    def _statement(self, statement: StatementExpectation) -> StatementExpectation:
        columns = tuple(
            (name, shape if isinstance(shape, ResultOf) else self._placed(shape, ()))
            for name, shape in statement.columns
        )
        return replace(statement, columns=columns)

    def _call(self, call: CallExpectation) -> CallExpectation:
        if call.result is None and not call.each:
            return call
        return replace(call, result=self._maybe(call.result), each=tuple(map(self._call, call.each)))

    def _maybe(self, shape: Shape | None) -> Shape | None:
        return None if shape is None else self._placed(shape, ())

    def _placed(self, shape: Shape, within: tuple[str, ...]) -> Shape:
        """The shape with what it names in place; itself where it names nothing."""

        def change(leaf: Shape) -> Shape:
            if isinstance(leaf, PendingTrue):
                self._check_targets(leaf.required, leaf.place)
            return self._named(leaf, within) if isinstance(leaf, Named) else leaf

        return with_leaves(shape, change)

    def _named(self, named: Named, within: tuple[str, ...]) -> Shape:
        if named.name in within:
            way = " → ".join((*within[within.index(named.name) :], named.name))
            message = f'shape "{named.name}" holds itself: {way}'
            self._tell(Fault(message, named.place, width=len(named.name) + 1, hint="Write any where it comes again."))
            return named
        if named.name not in self._stated:
            scalar = Scalar(named.name, named.place)
            fault = unknown("shape", scalar, self._stated, "in nexiom.yml")
            hint = fault.hint or f"Write it under shapes: in nexiom.yml, as {named.name}: SHAPE."
            self._tell(Fault(fault.message, fault.place, width=len(named.name) + 1, hint=hint))
            return named
        if named.name not in self._whole:
            self._whole[named.name] = self._placed(self._stated[named.name], (*within, named.name))
        return self._whole[named.name]

    def _check_targets(self, required: tuple[str, ...], place: Place) -> None:
        for target in required:
            if target not in self._targets:
                fault = unknown("target", Scalar(target, place), self._targets, 'behind "required in"')
                self._tell(replace(fault, width=len("true")))

    def _tell(self, fault: Fault) -> None:
        text = self._texts.get(fault.place.path) if fault.place else None
        told = fault if text is None else with_source(fault, text)
        if told not in self._faults:
            self._faults.append(told)
