import json
import string

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from guide.pages import limits
from guide.search.folding import fold
from guide.search.models import LoggedSearch

SECTION = "/guide/talk/complaints/"
SIGNED_IN = "django.contrib.auth.middleware.LoginRequiredMiddleware"


def ask(client, path="/api/search/", **query):
    return client.get(path, query).json()


@pytest.fixture
def described(indexed, client):
    return client.get("/api/openapi.json").json()


def test_row_says_what_was_found_and_where(indexed, client):
    row = ask(client, q="登记受理", kind="section")["results"][0]

    assert (row["kind"], row["id"], row["number"], row["section"], row["url"]) == (
        "section",
        "complaints",
        "1.1",
        "1.1",
        SECTION,
    )
    assert row["principle"] == {
        "id": "register", "title": "登记受理，按期答复", "level": "must", "url": f"{SECTION}#register"
    }  # fmt: skip
    assert "<mark>" in row["passage"]
    assert row["score"] > 0


def test_answer_says_how_the_words_were_understood(indexed, client):
    assert ask(client, q="投述")["understood"]["corrected"] == "投诉"
    assert ask(client, q="1.2")["understood"]["number"] == "1.2"
    assert ask(client, q="投诉 -周五")["understood"]["excluded"] == ["周五"]
    assert {"text": "工装", "also": ["制服"]} in ask(client, q="工装")["understood"]["words"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "section"}, {"complaints"}),
        ({"kind": "case"}, {"come-back"}),
        ({"kind": "section", "chapter": "practice"}, set()),
        ({"kind": "section", "chapter": "talk"}, {"complaints"}),
        ({"kind": "section", "level": "must"}, {"complaints"}),
        ({"kind": "section", "level": "may"}, set()),
        ({"relation": "breach"}, {"come-back"}),
        ({"relation": "remedy"}, set()),
    ],
)
def test_filters_narrow(indexed, client, query, found):
    assert {row["id"] for row in ask(client, q="投诉", limit=100, **query)["results"]} == found


def test_facets_tell_how_many_each_value_would_leave(indexed, client):
    facets = ask(client, q="投诉")["facets"]
    kinds = {row["value"]: row["count"] for row in facets["kind"]}

    assert kinds["case"] == ask(client, q="投诉", kind="case")["total"] == 1
    assert {"value": "breach", "label": "反例", "count": 1} in facets["relation"]
    assert set(facets) == {"kind", "chapter", "post", "level", "relation"}


def test_pages_follow_one_another_without_gap(indexed, client):
    whole = ask(client, q="投诉", limit=100)
    parts = [ask(client, q="投诉", limit=2, offset=place) for place in range(0, whole["total"], 2)]

    assert whole["total"] > 2
    assert [row["id"] for part in parts for row in part["results"]] == [row["id"] for row in whole["results"]]
    assert {(part["total"], part["limit"]) for part in parts} == {(whole["total"], 2)}
    assert ask(client, q="投诉", offset=whole["total"])["results"] == []


def test_no_words_find_nothing(indexed, client):
    assert ask(client)["total"] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "poem"), ("chapter", "nowhere"), ("post", "pilot"), ("level", "perhaps"), ("relation", "cousin"),
        ("limit", "0"), ("limit", "101"), ("limit", "x"), ("offset", "-1"), ("offset", "10001"), ("q", "x" * 201),
        ("q", "a\0b"),
    ],
)  # fmt: skip
def test_wrong_parameter_is_named(indexed, client, name, value):
    response = client.get("/api/search/", {"q": "投诉", name: value})

    assert response.status_code == 400
    assert [list(error) for error in response.json()["errors"][name]] == [["message", "code"]]


def test_suggestions_lead_to_pages(indexed, client):
    found = ask(client, "/api/suggest/", q="投诉")

    assert found["query"] == "投诉"
    assert SECTION in {row["url"] for row in found["suggestions"]}
    assert client.get("/api/suggest/", {"q": "x" * 300}).status_code == 400


@pytest.mark.parametrize("path", ["/api/search/", "/api/suggest/"])
class TestEveryEndpoint:
    def test_only_gets(self, indexed, client, path):
        response = client.post(path, {"q": "投诉"})

        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
        assert response.json()["error"]
        assert client.head(path, {"q": "投诉"}).status_code == 200

    def test_is_kept_by_nobody(self, indexed, client, path):
        assert client.get(path, {"q": "投诉"})["Cache-Control"] == "no-store"

    def test_is_limited_by_address(self, indexed, client, path, settings, monkeypatch):
        monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_020)
        settings.API_RATE = 2
        answers = [client.get(path, {"q": "投诉"}) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2]["Retry-After"] == "40"
        assert "秒后再试" in answers[2].json()["error"]
        assert client.get(path, {"q": "投诉"}, REMOTE_ADDR="192.0.2.9").status_code == 200

    def test_is_closed_to_strangers_where_reading_is(self, indexed, client, path, settings, reader):
        settings.READING = "signed-in"
        settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, SIGNED_IN]
        stranger = client.get(path, {"q": "投诉"})
        client.force_login(reader)

        assert (stranger.status_code, stranger.json()) == (403, {"error": "需要登录"})
        assert client.get(path, {"q": "投诉"}).status_code == 200


def test_search_page_is_never_limited(indexed, client, settings):
    settings.API_RATE = 1

    assert [client.get("/search/", {"q": "投诉"}).status_code for _ in range(4)] == [200] * 4


def test_programs_are_logged_and_the_sites_own_page_is_not(indexed, client):
    ask(client, q="投诉")
    ask(client, q="投诉", offset=1)
    client.get("/api/search/", {"q": "倾听"}, HTTP_SEC_FETCH_SITE="same-origin")
    fold()

    assert list(LoggedSearch.objects.values_list("kind", "query")) == [("api", "投诉")]


def test_description_is_valid_openapi(described):
    assert described["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(described).iter_errors()) == []


def test_description_names_the_values_of_this_guide(described):
    schemas = {row["name"]: row["schema"] for row in described["paths"]["/api/search/"]["get"]["parameters"]}

    assert schemas["post"]["enum"] == ["counter", "lobby"]
    assert schemas["chapter"]["enum"] == ["talk", "practice"]
    assert schemas["limit"] == {"type": "integer", "minimum": 1, "maximum": 100}
    assert set(schemas) == {"q", "kind", "level", "relation", "post", "chapter", "typed", "limit", "offset"}


def test_description_explains_every_field(described):
    schemas = described["components"]["schemas"]

    assert [
        f"{name}.{field}"
        for name in schemas
        for field, told in schemas[name]["properties"].items()
        if not told.get("description")
    ] == []


def test_description_is_sent_once(indexed, client):
    tag = client.get("/api/openapi.json")["ETag"]

    assert client.get("/api/openapi.json", HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_description_for_people_tells_every_parameter(described, client):
    out = client.get("/api/").content.decode()

    names = [row["name"] for path in described["paths"].values() for row in path["get"]["parameters"]]
    assert [name for name in names if f"<code>{name}</code>" not in out] == []


def keeps_to(described, path, response):
    """Whether `response` is of a status and of the shape that the description says."""
    told = described["paths"][path]["get"]["responses"][str(response.status_code)]
    schema = told["content"]["application/json"]["schema"] | {"components": described["components"]}
    Draft202012Validator(schema).validate(json.loads(response.content))
    return True


def values(schema):
    """Values that `schema` allows, as a query carries them."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"]).map(str)
    if schema["type"] == "boolean":
        return st.sampled_from(["true", "false"])
    words = st.text("投诉倾听登记客户周一 -“”.3kyctousu", max_size=20) | st.text(max_size=20).filter(
        lambda text: "\0" not in text
    )
    return words.map(lambda text: text[: schema["maxLength"]])


@pytest.mark.parametrize("path", ["/api/search/", "/api/suggest/"])
def test_whatever_the_description_allows_is_answered_as_it_says(described, client, path):
    schemas = {row["name"]: row["schema"] for row in described["paths"][path]["get"]["parameters"]}
    queries = st.fixed_dictionaries({}, optional={name: values(schema) for name, schema in schemas.items()})

    @hypothesis_settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(queries)
    def ask_all(query):
        response = client.get(path, query)
        assert response.status_code == 200
        assert keeps_to(described, path, response)

    ask_all()


@pytest.mark.parametrize("path", ["/api/search/", "/api/suggest/"])
def test_anything_at_all_is_answered_or_refused_as_the_description_says(described, client, path):
    names = [row["name"] for row in described["paths"][path]["get"]["parameters"]]
    junk = st.text(max_size=30) | st.text(string.printable, max_size=300)

    @hypothesis_settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(names) | junk, junk, max_size=4))
    def ask_all(query):
        response = client.get(path, query)
        assert response.status_code in (200, 400)
        assert keeps_to(described, path, response)

    ask_all()
