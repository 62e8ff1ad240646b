"""The addons are uninstalled for real: after an export only, and without a trace."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# What names a model, a field, a table or a record of an addon, and where.
TRACES = {
    "ir_model": "model",
    "ir_model_fields": "name || relation || model",
    # Names that Odoo's own modules gave to what they added are left by Odoo.
    "ir_model_data": "module || ' ' || model",
    "ir_attachment": "COALESCE(res_model, '') || name",
    "ir_filters": "model_id || domain || context",
    "ir_cron": "cron_name",
    "ir_act_server": "name::text || COALESCE(code, '')",
    "ir_act_window": "res_model || name::text",
    "ir_ui_view": "COALESCE(model, '') || arch_db::text",
    "ir_config_parameter": "key",
    "ir_rule": "name || COALESCE(domain_force, '')",
    "mail_message": "COALESCE(model, '') || COALESCE(body, '')",
    "mail_activity": "res_model",
    "mail_followers": "res_model",
}
OF_TRACKING = (
    r"beepost[._](stage|wording|event|follow|pull|suivi|proof|export|retention)"
    r"|beepost_tracking|evidence 4716"
)
OF_POSTAGE = r"beepost[._]postage|tariff_id|price_(missing|production)|priced_for"
ADDONS = ("beepost_mail", "beepost_postage", "beepost_tracking")


class Place:
    """A database with everything installed and used, and a process that works on it."""

    def __init__(self):
        self.database = f"uninstall_{os.getpid()}"

    def __enter__(self):
        run("createdb", "-T", os.environ["BEEPOST_TEMPLATE"], self.database)
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("stages.py")), self.database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.answer() == {"answer": "ready"}
        return self

    def __exit__(self, *exception):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)
        run("dropdb", "--if-exists", "--force", self.database)

    def answer(self):
        line = self.process.stdout.readline()
        assert line, "the process has died"
        return json.loads(line)

    def do(self, task, /, **values):
        self.process.stdin.write(json.dumps({"do": task, **values}) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def must(self, task, /, **values):
        done = self.do(task, **values)
        assert "answer" in done, done
        return done["answer"]

    def sql(self, query):
        return run("psql", "-X", "-qAt", "-c", query, self.database).splitlines()

    def traces(self, pattern):
        found = {}
        for table, text in TRACES.items():
            pattern_sql = pattern.replace("'", "''")
            rows = self.sql(
                f"SELECT {text} FROM {table} WHERE {text} ~ '{pattern_sql}'"
            )
            if rows:
                found[table] = rows[:5]
        tables = self.sql(
            "SELECT tablename FROM pg_tables WHERE tablename ~ "
            f"'{pattern_sql}' AND schemaname = 'public'"
        )
        columns = self.sql(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name IN ('beepost_stage_id',"
            " 'stage_since', 'beepost_image_months')"
        )
        return {**found, **({"tables": tables} if tables else {})}, columns


def run(*command):
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def place():
    with Place() as place:
        place.must("use")
        yield place


def refused(done):
    return "Export evidence" in done.get("refused", "")


def test_first_tracking_then_the_rest(place):
    assert place.traces(OF_TRACKING)[0], "there is something to leave"
    both = dict.fromkeys(ADDONS, "installed")
    for name in ("beepost_mail", "beepost_tracking"):
        for method in ("button_immediate_uninstall", "module_uninstall", "wizard"):
            assert refused(place.do("uninstall", name=name, method=method)), method
    assert refused(place.do("uninstall", name="account"))
    # Behind the methods' back: the server comes up again as it was.
    assert refused(place.do("uninstall", name="beepost_tracking", method="behind"))
    assert place.must("states") == both
    assert place.must("letters") == ["accepted", "accepted"]
    assert place.must("export") == 2
    # What came meanwhile is not in the file.
    place.must("tell")
    assert refused(place.do("uninstall", name="beepost_tracking"))
    place.must("export")
    place.must("uninstall", name="beepost_tracking")
    assert place.must("states") == {**both, "beepost_tracking": "uninstalled"}
    assert place.must("letters") == ["accepted", "accepted"]
    assert place.traces(OF_TRACKING) == ({}, [])
    filters = "SELECT name FROM ir_filters WHERE model_id ~ 'beepost' ORDER BY id"
    assert place.sql(filters) == ["of prices", "of prices too", "kept"]
    place.must("uninstall", name="beepost_mail")
    assert place.traces("beepost[._]") == ({}, [])


def test_prices_go_and_letters_leave_unpriced(place):
    assert place.traces(OF_POSTAGE)[0], "there is something to leave"
    place.must("uninstall", name="beepost_postage")
    states = dict.fromkeys(ADDONS, "installed") | {"beepost_postage": "uninstalled"}
    assert place.must("states") == states
    assert place.traces(OF_POSTAGE)[0] == {}
    assert price_columns(place) == []
    assert place.must("letters") == ["accepted", "accepted"]
    assert place.must("leave") == []
    filters = place.sql("SELECT name FROM ir_filters WHERE domain ~ 'price_total'")
    assert filters == []
    # Back again, to letters and accounts that were there before.
    place.must("install", name="beepost_postage")
    tariffs, letters = place.must("prices")
    assert tariffs == ["BeePOST (estimated)"]
    assert letters == [[0.0, False]] * 2
    place.must("uninstall", name="beepost_postage")
    assert place.traces(OF_POSTAGE)[0] == {}


def price_columns(place):
    return place.sql(
        "SELECT table_name || '.' || column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name ~ '^beepost_' AND column_name ~"
        " '^(price_|priced_for|unpriced_|postage_|quote$|tariff_id|format_class)'"
    )


def test_all_at_once(place):
    place.must("export")
    place.must("uninstall", name="beepost_mail")
    assert set(place.must("states").values()) == {"uninstalled"}
    assert place.traces("beepost[._]|evidence 4716") == ({}, [])
