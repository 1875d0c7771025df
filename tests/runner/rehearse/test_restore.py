"""A dump put into an empty database: what can be made is made, what cannot is named."""

from nexiom_runner.database.session import Session
from nexiom_runner.rehearse.restore import restore

DUMP = """\
\\restrict abc

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: notes; Type: TABLE; Schema: public; Owner: nexiom_owner
--

CREATE TABLE public.notes (id integer, "at ; once" text);

ALTER TABLE public.notes OWNER TO nexiom_owner;

--
-- Name: places; Type: TABLE; Schema: public; Owner: nexiom_owner
--

CREATE TABLE public.places (at public.geometry);

ALTER TABLE public.places OWNER TO nexiom_owner;

--
-- Name: TABLE places; Type: COMMENT; Schema: public; Owner: nexiom_owner
--

COMMENT ON TABLE public.places IS 'x';

--
-- Name: f(integer); Type: FUNCTION; Schema: public; Owner: nexiom_owner
--

CREATE FUNCTION public.f(a integer) RETURNS integer LANGUAGE sql AS $$ select 1; -- Name: x; Type: y; Schema: z;
$$;

--
-- Name: watch; Type: EVENT TRIGGER; Schema: -; Owner: postgres
--

CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.f();

--
-- Name: USER MAPPING nexiom_owner SERVER far; Type: USER MAPPING; Schema: -; Owner: postgres
--

CREATE USER MAPPING FOR nexiom_owner SERVER far OPTIONS (password 'x');

\\unrestrict abc
"""


def test_what_can_be_made_is_there(admin_session: Session) -> None:
    restore(admin_session, DUMP)
    found = admin_session.send("select relname, relowner::regrole from pg_class where relname in ('notes', 'places')")
    assert found[0].rows == (("notes", "nexiom_owner"),)
    assert admin_session.send("select public.f(1)")[0].rows == (("1",),)


def test_each_object_that_cannot_be_made_is_named_once(admin_session: Session) -> None:
    assert [(str(one), one.why) for one in restore(admin_session, DUMP)] == [
        ("event trigger watch", "it would run as a superuser, and nobody is one on the copy"),
        ("user mapping USER MAPPING nexiom_owner SERVER far", "a copy must not reach another server"),
        ("table public.places", 'type "public.geometry" does not exist'),
    ]


def test_nothing_stays_set_in_the_session(admin_session: Session) -> None:
    before = admin_session.send("show search_path")[0].rows
    restore(admin_session, DUMP)
    assert admin_session.send("show search_path")[0].rows == before
