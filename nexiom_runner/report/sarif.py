"""SARIF 2.1.0, as GitHub's and GitLab's code scanning read it: every finding at its line, with an identity that stays.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and, for what GitHub takes from it,
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from nexiom_runner.lint.rule import Rule
from nexiom_runner.report.annotations import fingerprints, rule_of, severity_of, text_of, title_of
from nexiom_runner.report.lint import is_waived
from nexiom_runner.results import Result

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
NOWHERE = "nexiom.yml"  # where a finding without a place stands: code scanning shows none without a file
_SECURITY = {"error": "8.0", "warn": "5.0"}  # GitHub: high from 7.0, medium from 4.0


def render_sarif(
    results: Iterable[Result], rules: Mapping[str, Rule], *, runner: str, category: str, prefix: str = ""
) -> str:
    """One run. What is waived is there and suppressed, what passed is not; `prefix` is the project's folder within
    the repository ("db/"), `category` tells this analysis from others of the same commit.
    """
    reported = [one for one in results if severity_of(one) in ("error", "warning") or is_waived(one)]
    ids = sorted({rule_of(one) for one in reported})
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "nexiom",
                        "version": runner,
                        "rules": [_rule(id, rules.get(id)) for id in ids],
                    }
                },
                "automationDetails": {"id": f"{category}/"},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
                "results": [
                    _result(one, ids, key, prefix) for one, key in zip(reported, fingerprints(reported), strict=True)
                ],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(id: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": id, "shortDescription": {"text": f"nexiom: {id.replace('/', ', ')}"}}
    properties: dict[str, Any] = {"tags": [rule.pack], "precision": "high"}
    if rule.pack == "security":
        properties["security-severity"] = _SECURITY[rule.level]
    return {
        "id": id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.title},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": "error" if rule.level == "error" else "warning"},
        "properties": properties,
    }


def _result(result: Result, ids: Sequence[str], fingerprint: str, prefix: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ruleId": rule_of(result),
        "ruleIndex": ids.index(rule_of(result)),
        "level": severity_of(result) or "note",
        "message": {"text": f"{title_of(result)}\n{text_of(result)}"},
        "locations": [_location(result, prefix)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "nexiom/v1": fingerprint},
    }
    if is_waived(result):
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": result.detail or "waived"}]
        told["properties"] = {"owner": result.owner, "until": result.until}
    return told


def _location(result: Result, prefix: str) -> dict[str, Any]:
    path = result.place.path if result.place else NOWHERE
    region: dict[str, Any] = {"startLine": 1}
    if result.place is not None:
        column = result.place.column
        region = {"startLine": result.place.line, "startColumn": column, "endColumn": column + result.width}
        if result.excerpt is not None:
            region["snippet"] = {"text": result.excerpt}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(f"{prefix}{path}"), "uriBaseId": "%SRCROOT%"},
            "region": region,
        },
        "logicalLocations": [{"fullyQualifiedName": result.subject}],
    }
