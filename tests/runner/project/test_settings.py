"""nexiom.yml becomes the project's settings."""

from nexiom_runner.errors import Place
from nexiom_runner.project.model import Target

WHOLE = """\
name: nexiom_studio
version: 1.10
schemas: [public, crm]                # whose objects are ours
vars: {region: eu, limit: 3, version: 1.10, quoted: "3", zeros: 007, on: on, minus: -4}
env: [NEXIOM_REGION]
secrets: [NEXIOM_SMTP_KEY]
env_files: [.env]
default_target: staging
targets:
  local: {embedded: true}             # a PostgreSQL of its own
  old: {embedded: {engine: 16}}
  debian: {embedded: {engine: /usr/lib/postgresql/15/bin}}
  staging: {dsn: {env: NEXIOM_STAGING_DSN}}
  fixed: {dsn: "service=x", protected: false}
  production: {dsn: {env: NEXIOM_PRODUCTION_DSN}, protected: true}
"""


def test_settings_are_read_whole(load):
    project = load({"nexiom.yml": WHOLE})
    assert (project.name, project.version, project.schemas) == ("nexiom_studio", "1.10", ("public", "crm"))
    assert (project.env, project.secrets, project.env_files) == (("NEXIOM_REGION",), ("NEXIOM_SMTP_KEY",), (".env",))
    assert project.default_target == "staging"
    assert project.settings.text == WHOLE


def test_only_a_plain_integer_is_an_integer(load):
    assert load({"nexiom.yml": WHOLE}).vars == {
        "region": "eu",
        "limit": 3,
        "version": "1.10",
        "quoted": "3",
        "zeros": "007",
        "on": "on",
        "minus": -4,
    }


def test_targets_are_read_with_their_forms(load):
    targets = load({"nexiom.yml": WHOLE}).targets
    assert targets["local"] == Target("local", Place("nexiom.yml", 10, 3), embedded=True)
    assert targets["old"].engine == "16"
    assert targets["debian"].engine == "/usr/lib/postgresql/15/bin"
    assert (targets["staging"].dsn, targets["staging"].dsn_env) == (None, "NEXIOM_STAGING_DSN")
    assert (targets["fixed"].dsn, targets["fixed"].protected) == ("service=x", False)
    assert targets["production"].protected is True


def test_a_name_alone_is_enough(load):
    project = load({"nexiom.yml": "name: studio\n"})
    assert (project.version, project.schemas, project.vars) == ("1", ("public",), {})
    assert project.targets == {"local": Target("local", embedded=True)}
    assert project.default_target == "local"


def test_the_first_open_target_is_the_default_where_there_is_no_local_one(load):
    settings = "name: x\ntargets: {production: {dsn: a, protected: true}, test: {dsn: b}, other: {dsn: c}}\n"
    assert load({"nexiom.yml": settings}).default_target == "test"


def test_an_integer_too_long_for_python_is_text(load):
    digits = "9" * 5000
    assert load({"nexiom.yml": f"name: x\nvars: {{a: {digits}}}\n"}).vars == {"a": digits}
