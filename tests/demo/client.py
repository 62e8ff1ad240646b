"""Odoo and the reference service as a program outside of both reaches them."""

from __future__ import annotations

from datetime import datetime

import requests

FIRST_DAY, LAST_DAY = "2000-01-01", "2099-12-31"
TIMEOUT = 120  # seconds; one call may have to wait for a report that is being made


class CallFailed(Exception):
    """Odoo or the service refused a call, or did not answer; the text says why."""


class Odoo:
    """Odoo's ``/json/2`` interface, with an API key.

    :param key: of the user on whose behalf everything is done
    """

    def __init__(self, url: str, database: str, key: str):
        self._url = f"{url}/json/2"
        self._session = _session()
        self._session.headers["Authorization"] = f"bearer {key}"
        self._session.headers["X-Odoo-Database"] = database

    @classmethod
    def with_new_key(cls, url: str, database: str, login: str, password: str) -> Odoo:
        """Signs in and makes a key for a day, as a person does in the preferences."""
        return cls(url, database, _make_key(url, database, login, password))

    def call(self, model: str, method: str, ids=(), **arguments):
        """:raises CallFailed: with Odoo's own words"""
        body = {"context": {"lang": "en_US"}, **arguments}
        if ids:
            body["ids"] = list(ids)
        address = f"{self._url}/{model}/{method}"
        return _answer(self._session, "POST", address, json=body).json()

    def read_all(self, model: str, fields: list[str], domain=()) -> list[dict]:
        return self.call(
            model, "search_read", domain=list(domain), fields=fields, order="id"
        )


class Service:
    """The control routes of the reference BeePOST (``tests/service/control.py``).

    :param url: its address as clients know it, ``http://127.0.0.1:8070/v1``
    """

    def __init__(self, url: str):
        self.url = url
        self._controls = url.rpartition("/")[0] + "/_control"
        self._session = _session()

    def add_account(self, identifier: str, password: str) -> None:
        self._post("accounts", {"identifier": identifier, "password": password})

    def arrivals(self) -> dict[str, dict]:
        """Client reference → printed, seen, outcomes, account, letter, sha256."""
        return self._get("arrivals").json()

    def letters(self) -> list[dict]:
        """What became of the accepted ones."""
        return self._get("letters").json()

    def proofs(self) -> dict[str, list[dict]]:
        """Client reference → kind, sha256, size … of each paper that exists."""
        return self._get("proofs").json()

    def stats(self) -> dict:
        return self._get("stats").json()

    def now(self) -> datetime:
        return datetime.fromisoformat(self._get("clock").json()["now"])

    def set_clock(self, moment: datetime, *, stand: bool) -> None:
        self._post("clock", {"set": moment.isoformat(), "stand": stand})

    def advance(self, seconds: float) -> None:
        self._post("clock", {"advance": seconds})

    def statement(self, identifier: str, password: str) -> list[dict]:
        """What the service bills to an account, as its owner reads it: all of it."""
        asked = {"identifier": identifier, "password": password}
        address = f"{self.url}/token"
        token = _answer(self._session, "POST", address, json=asked).json()
        head = {"Authorization": f"Bearer {token['access_token']}"}
        costs, cursor, more = [], "", True
        while more:
            days = {"since": FIRST_DAY, "until": LAST_DAY, "cursor": cursor}
            page = _answer(
                self._session, "GET", f"{self.url}/costs", params=days, headers=head
            ).json()
            costs += page["costs"]
            cursor, more = page["cursor"], page["more"]
        return costs

    def pdf(self, client_reference: str) -> bytes:
        return self._get(f"arrivals/{client_reference}/pdf").content

    def _get(self, name: str) -> requests.Response:
        return _answer(self._session, "GET", f"{self._controls}/{name}")

    def _post(self, name: str, values: dict) -> None:
        _answer(self._session, "POST", f"{self._controls}/{name}", json=values)


def _session() -> requests.Session:
    session = requests.Session()
    # A proxy from the environment has no business between this machine and itself.
    session.trust_env = False
    return session


def _answer(session: requests.Session, method: str, address: str, **more):
    """:raises CallFailed: with the words of whoever refused"""
    try:
        answer = session.request(method, address, timeout=TIMEOUT, **more)
    except requests.RequestException as error:
        raise CallFailed(f"{address}: {error}") from error
    if answer.status_code != 200:
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        words = answer.json().get("message") if is_json else ""
        raise CallFailed(f"{address}: {answer.status_code} {words or answer.reason}")
    return answer


def _make_key(url: str, database: str, login: str, password: str) -> str:
    web = _session()

    def call(route: str, **params):
        body = {"jsonrpc": "2.0", "params": params}
        answer = _answer(web, "POST", f"{url}/web/{route}", json=body).json()
        if "error" in answer:
            raise CallFailed(f"{login}: {answer['error']['data']['message']}")
        return answer["result"]

    def call_kw(model: str, method: str, *args, **kwargs):
        return call(
            f"dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    call("session/authenticate", db=database, login=login, password=password)
    model = "res.users.apikeys.description"
    values = {"name": "Demo client", "duration": "1"}
    description = call_kw(model, "create", values)
    # Odoo asks for the password once more before it shows a key.
    check = call_kw(model, "make_key", [description])
    shown = call_kw(
        check["res_model"],
        "run_check",
        [check["res_id"]],
        context={"password": password},
    )
    return shown["context"]["default_key"]
