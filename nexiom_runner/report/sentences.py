"""The sentences that checks say of what waits or was not looked at, in the report's language."""

import re

_FRENCH = (
    (r"(.+) says it is not set", r"{0} dit que ce n’est pas réglé"),
    (r"the phase is not applied", "la phase n’est pas appliquée"),
    (r"phase (\S+) is not applied", "la phase {0} n’est pas appliquée"),
    (r'waits for "(.+)", which failed', "attend «\u00a0{0}\u00a0», qui a échoué"),
    (r'"(.+)" is protected', "«\u00a0{0}\u00a0» est protégée"),
    (
        r'the function is volatile and "(.+)" is protected; on: \[.+\] would call it',
        "la fonction est volatile et «\u00a0{0}\u00a0» est protégée\u202f; on: [{0}] l’appellerait",
    ),
    (r"(.+) may execute it, and no phase states its execute", "{0} peut l’exécuter, et aucune phase ne le dit"),
    (r"what it reaches is not known: (.+) executes (.+)", "on ne sait pas ce qu’elle atteint\u00a0: {0} exécute {1}"),
    (r"(.+) it, and no phase states its grants", "{0} (droits), et aucune phase ne le dit"),
)


def translated(message: str, language: str) -> str:
    """A sentence of nexiom's own in that language; what the server or a file says stays as it is."""
    for pattern, sentence in _FRENCH if language == "fr" else ():
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return sentence.format(*found.groups())
    return message
