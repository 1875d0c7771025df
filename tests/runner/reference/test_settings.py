"""Settings: the overview tells what is there and nothing else, values are service_role's."""

from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege, InvalidParameterValue

KEYS = {
    "WHATSAPP_VERIFY_TOKEN",
    "META_APP_SECRET",
    "OPENROUTER_API_KEY",
    "NEXIOM_DEFAULT_CHAT_MODEL",
    "WHATSAPP_PHONE_NUMBER_ID",
    "WHATSAPP_ACCESS_TOKEN",
    "WHATSAPP_API_BASE_URL",
}


def set_setting(studio: Any, key: str, value: str | None) -> None:
    studio.rows("select public.set_setting(%(key)s, %(value)s)", key=key, value=value)


def test_overview_has_its_seven_keys_all_false_at_first(studio: Any) -> None:
    assert studio.value("select public.settings_overview()") == dict.fromkeys(KEYS, False)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_setting_that_is_there_is_true_and_alone(studio: Any, key: str) -> None:
    set_setting(studio, key, "some value")
    overview = studio.value("select public.settings_overview()")
    assert {name for name, there in overview.items() if there is True} == {key}


@pytest.mark.parametrize("value", [None, "", " ", "\n\t"])
def test_empty_value_is_no_setting(studio: Any, value: str | None) -> None:
    set_setting(studio, "META_APP_SECRET", value)
    assert studio.value("select public.settings_overview()") == dict.fromkeys(KEYS, False)


def test_other_settings_do_not_show(studio: Any) -> None:
    set_setting(studio, "SOMETHING_ELSE", "some value")
    assert set(studio.value("select public.settings_overview()")) == KEYS


def test_setting_again_replaces_the_value(studio: Any) -> None:
    set_setting(studio, "META_APP_SECRET", "old")
    set_setting(studio, "META_APP_SECRET", "new")
    assert studio.value("select public.get_setting('META_APP_SECRET')") == "new"


def test_setting_that_is_not_there_is_null(studio: Any) -> None:
    assert studio.value("select public.get_setting('META_APP_SECRET')") is None


@pytest.mark.parametrize("key", [None, "", " "])
def test_refused_key_does_not_quote_the_value(studio: Any, key: str | None) -> None:
    with pytest.raises(InvalidParameterValue) as refused:
        set_setting(studio, key, "a secret")  # type: ignore[arg-type]
    assert str(refused.value.diag.message_primary) == "p_key must name the setting"
    assert "a secret" not in str(refused.value)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_values_are_closed_to_the_api(studio: Any, role: str) -> None:
    set_setting(studio, "META_APP_SECRET", "a secret")
    with pytest.raises(InsufficientPrivilege), studio.role(role):
        studio.value("select value from public.app_settings")


def test_service_role_reads_values(studio: Any) -> None:
    set_setting(studio, "META_APP_SECRET", "a secret")
    with studio.role("service_role"):
        assert studio.value("select value from public.app_settings") == "a secret"


@pytest.mark.parametrize(
    ("mode", "token", "answer"),
    [
        ("subscribe", "the token", "1158201444"),
        ("subscribe", "another token", None),
        ("subscribe", "", None),
        ("subscribe", None, None),
        ("unsubscribe", "the token", None),
        (None, "the token", None),
    ],
)
def test_challenge_comes_back_for_our_token_alone(
    studio: Any, mode: str | None, token: str | None, answer: str | None
) -> None:
    set_setting(studio, "WHATSAPP_VERIFY_TOKEN", "the token")
    with studio.role("anon"):
        found = studio.value(
            "select public.verify_whatsapp_challenge(%(mode)s, %(token)s, '1158201444')", mode=mode, token=token
        )
    assert found == answer


@pytest.mark.parametrize("value", [None, ""])
def test_no_challenge_comes_back_without_a_token_of_ours(studio: Any, value: str | None) -> None:
    set_setting(studio, "WHATSAPP_VERIFY_TOKEN", value)
    assert studio.value("select public.verify_whatsapp_challenge('subscribe', '', '1')") is None
