"""The graph as text and as Mermaid."""

from graph_builders import graph, phase

from nexiom_runner.graph.model import Edge, Graph
from nexiom_runner.graph.print import as_mermaid, as_text

GRAPH = graph(
    {
        "01_core/apply.sql": "create table public.messages (id int);",
        "02_inbox/repeatable/f.sql": "create or replace function public.f() returns void language plpgsql as "
        "$$ begin perform public.g() from public.messages; end $$;",
        "02_inbox/repeatable/g.sql": "create function public.g() returns int language sql as $$ select 1 $$;",
    },
    phase("02_inbox", needs=("01_core",)),
)


def test_text_lists_scripts_in_order_with_what_they_wait_for() -> None:
    assert as_text(GRAPH) == (
        "01_core/apply.sql\n"
        "02_inbox/repeatable/f.sql\n"
        "    after 01_core/apply.sql   needs: [01_core]\n"
        '    uses  02_inbox/repeatable/g.sql   mentions function "public.g"\n'
        '    after 01_core/apply.sql   mentions table "public.messages"\n'
        "02_inbox/repeatable/g.sql"
    )


def test_text_of_some_phases_shows_only_their_scripts() -> None:
    assert as_text(GRAPH, {"01_core"}) == "01_core/apply.sql"


def test_mermaid_draws_arrows_and_dots_what_does_not_order() -> None:
    assert as_mermaid(GRAPH) == (
        "flowchart LR\n"
        '    s0["01_core/apply.sql"]\n'
        '    s1["02_inbox/repeatable/f.sql"]\n'
        '    s2["02_inbox/repeatable/g.sql"]\n'
        '    s0 -->|"needs: [01_core]"| s1\n'
        '    s2 -.->|"mentions function #quot;public.g#quot;"| s1\n'
        '    s0 -->|"mentions table #quot;public.messages#quot;"| s1'
    )


def test_mermaid_escapes_what_would_end_a_label() -> None:
    edge = Edge("01_core/apply.sql", "02_inbox/repeatable/f.sql", 'a "b" <c> & #`\n')
    drawn = as_mermaid(Graph(GRAPH.scripts, GRAPH.phases, (), (edge,)))
    assert '|"a #quot;b#quot; #lt;c#gt; #amp; #35;#96; "|' in drawn
