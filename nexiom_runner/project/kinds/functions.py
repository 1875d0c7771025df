"""What may be said of a function or procedure besides its arguments, its result and who may execute it."""

from nexiom_runner.project.keys import FLAG, TEXT, Key, Table, choice
from nexiom_runner.project.kinds.forms import NUMBER, texts_by_name
from nexiom_runner.project.kinds.tables import ABOUT, OWNER

FUNCTION_KEYS = Table(
    (
        Key("kind", choice("function", "procedure", "aggregate", "window"), "What it is."),
        Key("cost", NUMBER, "What the planner takes a call to cost."),
        Key("rows", NUMBER, "How many rows the planner expects of it."),
        Key("leakproof", FLAG, "Whether it reveals nothing of its arguments."),
        Key("parallel", choice("safe", "restricted", "unsafe"), "Whether parallel workers may call it."),
        Key("support", TEXT, "Its planner support function; none."),
        Key("settings", texts_by_name("settings"), "All settings of its own but search_path: statement_timeout: 3s."),
        OWNER,
        ABOUT,
    )
)
