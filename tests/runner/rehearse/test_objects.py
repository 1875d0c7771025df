"""The difference between two looks at a catalog."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nexiom_runner.rehearse.objects import Catalog, Item, Seen, find_change, put, read_rows, tell

TABLE = Item(("pg_class", 20_000, 0), "1", None, "itself", "table", "public.t", "r", 1, False)
COLUMN = Item(("pg_attribute", 20_000, 1), "1", TABLE.key, "itself", "", "", "a", 0, False)
ITEMS = st.builds(
    Item,
    st.tuples(st.sampled_from(["pg_class", "pg_proc"]), st.integers(20_000, 20_005), st.just(0)),
    st.sampled_from(["1", "2"]),
    st.none(),
    st.just("itself"),
    st.just("thing"),
    st.sampled_from(["a", "b", "c"]),
    st.just(""),
    st.just(0),
    st.just(False),
)
CATALOGS = st.lists(ITEMS, unique_by=lambda item: item.key)


def catalog(*items: Item) -> Catalog:
    return {item.key: item for item in items}


@settings(max_examples=40)
@given(CATALOGS, CATALOGS)
def test_a_whole_look_leaves_exactly_what_was_seen(before: list[Item], now: list[Item]) -> None:
    assert put(catalog(*before), Seen(tuple(now), whole=True)) == catalog(*now)


@settings(max_examples=40)
@given(CATALOGS, CATALOGS)
def test_every_difference_is_created_changed_or_dropped(before: list[Item], now: list[Item]) -> None:
    change = find_change(catalog(*before), Seen(tuple(now), whole=True))
    assert {item.key for item in change.created} == {i.key for i in now} - {i.key for i in before}
    assert {item.key for item in change.dropped} == {i.key for i in before} - {i.key for i in now}
    known = catalog(*before)
    assert {new.key for _, new in change.changed} == {
        i.key for i in now if i.key in known and known[i.key].version != i.version
    }


@settings(max_examples=40)
@given(CATALOGS)
def test_the_same_look_twice_is_no_change(items: list[Item]) -> None:
    change = find_change(catalog(*items), Seen(tuple(items), whole=True))
    assert (change.created, change.changed, change.dropped) == ([], [], [])


def test_a_partial_look_drops_nothing() -> None:
    assert not find_change(catalog(TABLE), Seen(())).dropped


def test_a_column_marked_as_dropped_is_gone() -> None:
    seen = Seen((), gone=frozenset({COLUMN.key}))
    before = catalog(TABLE, COLUMN)
    change = find_change(before, seen)
    assert tell(change, before, put(before, seen)).dropped == ("column public.t.a",)


def test_what_is_dropped_and_made_again_is_changed() -> None:
    again = Item(("pg_class", 20_001, 0), "1", None, "itself", "table", "public.t", "r", 2, False)
    seen = Seen((again,), whole=True)
    before = catalog(TABLE)
    told = tell(find_change(before, seen), before, put(before, seen))
    assert (told.created, told.changed, told.dropped) == ((), ("table public.t",), ())


def test_members_of_a_new_extension_are_its_own() -> None:
    extension = Item(("pg_extension", 20_010, 0), "1", None, "itself", "extension", "hstore", "", 0, False)
    member = Item(("pg_proc", 20_011, 0), "1", None, "itself", "function", "public.f()", "", 0, True)
    seen = Seen((extension, member))
    assert tell(find_change({}, seen), {}, put({}, seen)).created == ("extension hstore",)


def test_rows_are_read_as_the_server_writes_them() -> None:
    row = ("pg_class", "20000", "0", "(0,1)", None, None, "itself", "table", "public.t", "r", "16", "f", "f")
    seen = read_rows([row], whole=False)
    assert seen.items == (Item(TABLE.key, "(0,1)", None, "itself", "table", "public.t", "r", 16, False),)
