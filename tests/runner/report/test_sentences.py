"""What nexiom says itself is said in the report's language; what others say stays as it is."""

import pytest

from nexiom_runner.report.sentences import translated


@pytest.mark.parametrize(
    ("said", "french"),
    [
        ("settings_overview() says it is not set", "settings_overview() dit que ce n’est pas réglé"),
        ("the phase is not applied", "la phase n’est pas appliquée"),
        ("phase 12_x is not applied", "la phase 12_x n’est pas appliquée"),
        ('waits for "12_x", which failed', "attend «\u00a012_x\u00a0», qui a échoué"),
        ('"production" is protected', "«\u00a0production\u00a0» est protégée"),
        (
            "anon may execute it, and no phase states its execute",
            "anon peut l’exécuter, et aucune phase ne le dit",
        ),
        (
            "what it reaches is not known: f → g executes format(x)",
            "on ne sait pas ce qu’elle atteint\u00a0: f → g exécute format(x)",
        ),
        ("permission denied for table t", "permission denied for table t"),
    ],
)
def test_sentence_in_french(said: str, french: str) -> None:
    assert translated(said, "fr") == french
    assert translated(said, "en") == said
