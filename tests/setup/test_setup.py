"""The setup programs' own logic, without installing anything."""

import fcntl
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIB = ROOT / "setup/lib"


@pytest.fixture
def lib(monkeypatch, tmp_path):
    """Imports one of the programs' modules, working in a temporary folder."""
    monkeypatch.syspath_prepend(str(LIB))
    import place
    import progress

    for module in (place, progress):
        if hasattr(module, "WORK"):
            monkeypatch.setattr(module, "WORK", tmp_path)
            monkeypatch.setattr(module, "STATE", tmp_path)
        monkeypatch.setattr(module, "LOGS", tmp_path / "logs")
    return __import__


def test_port_taken_gives_the_next_free_one(lib):
    children = lib("children")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < children.free_port(port) < port + 20


def test_no_free_port_is_one_sentence(lib):
    children, place = lib("children"), lib("place")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(place.Failure, match=f"{port} to {port} are all taken"):
            children.free_port(port, tries=1)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("Temporary failure resolving 'x'", "the network cannot be reached"),
        (
            "E: Release file for http://x/InRelease is expired (invalid since 16d)",
            "Debian's mirror is out of date, or this machine's clock is wrong",
        ),
        (
            "KeyError: 1\nodoo.tools.ParseError: bad view",
            "odoo.tools.ParseError: bad view",
        ),
        ("something else", "exit code 3"),
    ],
)
def test_failing_program_is_one_sentence(lib, said, told):
    progress, place = lib("progress"), lib("place")
    command = [sys.executable, "-c", f"import sys; print({said!r}); sys.exit(3)"]
    with pytest.raises(place.Failure) as failure:
        progress.run("Fetching", command)
    assert str(failure.value).startswith(f"Fetching failed: {told}; see ")


def test_missing_program_is_one_sentence(lib):
    progress, place = lib("progress"), lib("place")
    with pytest.raises(place.Failure, match="no-such-program is not installed"):
        progress.run("Fetching", ["no-such-program"])


def test_busy_lock_is_one_sentence(lib):
    place = lib("place")
    with place.lock("demo"), pytest.raises(place.Failure, match="Another one"):
        with place.lock("demo", busy="Another one runs."):
            pytest.fail("two hold one lock")


def test_shared_locks_do_not_exclude_each_other(lib):
    place = lib("place")
    with place.lock("users", fcntl.LOCK_SH), place.lock("users", fcntl.LOCK_SH):
        assert (place.STATE / "users.lock").exists()


@pytest.mark.parametrize(
    ("release", "told"),
    [(None, "holds no Odoo"), ("version_info = (18, 0, 0)", "is not 19.0")],
)
def test_foreign_odoo_home_is_refused(lib, tmp_path, monkeypatch, release, told):
    source, place = lib("odoo_source"), lib("place")
    home = tmp_path / "home"
    (home / "odoo").mkdir(parents=True)
    if release:
        (home / "odoo/release.py").write_text(release)
    monkeypatch.setenv("ODOO_HOME", str(home))
    with pytest.raises(place.Failure, match=told):
        source.find()


def test_odoo_home_is_used_as_it_is(lib, tmp_path, monkeypatch):
    source = lib("odoo_source")
    (tmp_path / "odoo/addons").mkdir(parents=True)
    (tmp_path / "addons").mkdir()
    (tmp_path / "odoo/release.py").write_text("version_info = (19, 0, 0, FINAL)")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    found = source.find()
    assert found.path == tmp_path
    assert found.addons == (tmp_path / "addons", tmp_path / "odoo/addons")


def test_tests_are_split_by_what_they_need(lib):
    arguments = [
        "tests/setup/test_strict.py::test_x",
        "-k",
        "x",
        "setup",
        "tests/crash",
    ]
    chosen = lib("selection").select(arguments)
    assert chosen.pure == ["tests/setup/test_strict.py::test_x"]
    assert chosen.addons == ["setup"]
    assert chosen.across == ["tests/crash"]
    assert chosen.options == ["-k", "x"]
    assert not chosen.is_all


@pytest.mark.parametrize("arguments", [[], ["-k", "cedex"]])
def test_without_a_path_everything_runs(lib, arguments):
    chosen = lib("selection").select(arguments)
    every = [*chosen.pure, *chosen.addons, *chosen.across]
    found = {str(path) for path in ROOT.glob("tests/*/test_*.py")}
    assert {path for path in found if not path.startswith(tuple(every))} == set()
    assert str(ROOT / "beepost_mail/tests") in chosen.addons
    assert chosen.options == arguments
    assert chosen.is_all is not bool(arguments)


def test_fast_leaves_out_what_is_slow(lib):
    selection = lib("selection")
    chosen = selection.select(["--fast", "-k", "cedex"])
    names = {Path(path).name for path in (*chosen.pure, *chosen.across)}
    assert names.isdisjoint(selection.SLOW)
    assert {"letter", "gateway", "statuses", "demo"} <= names
    assert {Path(path).parent.name for path in chosen.addons} == {
        path.parent.name for path in ROOT.glob("beepost_*/tests")
    }
    assert chosen.options == ["-k", "cedex"]
    # Each slow folder is there, and has tests.
    assert all(
        any((ROOT / "tests" / name).glob("test_*.py")) for name in selection.SLOW
    )


def test_the_slowest_files_of_all_parts_are_shown(lib):
    total = lib("command_test").Total()
    total.took({f"quick_{number}.py": number / 100 for number in range(20)})
    total.took({"slow.py": 61.25, "quick_19.py": 5})
    lines = total.slowest().splitlines()
    assert len(lines) == 10
    assert lines[:2] == ["   61.2 s  slow.py", "    5.2 s  quick_19.py"]


def test_a_part_that_cannot_run_is_a_failure(lib, capsys):
    tests, place = lib("command_test"), lib("place")
    total = tests.Total()

    def broken():
        raise place.Failure("PostgreSQL does not start.")

    tests.told(broken, total)
    assert str(total) == "0 passed, 1 failed, 0 skipped"
    assert "PostgreSQL does not start." in capsys.readouterr().err


def test_lint_fails_on_what_it_finds(lib, tmp_path, monkeypatch):
    """Not vacuous: the commands that pass on the project fail on a bad file."""
    lint = lib("lint")
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    monkeypatch.setattr(lint, "addons", lambda: {})
    (tmp_path / "bad.py").write_text("import os\nx=1\n")
    passed, failed, told = lint.lint()
    assert (passed, failed) == (0, 2)
    assert "F401" in told


def test_unknown_command_is_one_sentence():
    done = subprocess.run(
        [sys.executable, LIB, "nothing"], stderr=subprocess.PIPE, text=True
    )
    assert (done.returncode, done.stderr) == (
        1,
        "setup: There is no command nothing.\n",
    )
