"""The plugin that makes a skipped test fail a run, and counts for the closing line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).resolve().parents[2] / "setup/plugin"
PASSES = "def test_passes(): pass\n"
FAILS = "def test_fails(): assert False\n"
SKIPS = "import pytest\ndef test_skips(): pytest.skip('why')\n"
SKIPS_ALL = "import pytest\npytest.skip('why', allow_module_level=True)\n"
EXPECTED = "import pytest\n@pytest.mark.xfail\ndef test_expected(): assert False\n"


@pytest.mark.parametrize(
    ("files", "code", "passed", "failed", "skipped"),
    [
        ([PASSES], 0, 1, 0, 0),
        ([PASSES, FAILS], 1, 1, 1, 0),
        ([PASSES, SKIPS], 1, 1, 0, 1),
        ([PASSES, SKIPS_ALL], 1, 1, 0, 1),
        ([PASSES, EXPECTED], 1, 1, 0, 1),
        ([PASSES, FAILS, SKIPS], 1, 1, 1, 1),
        (["import nowhere\n"], 2, 0, 1, 0),
    ],
    ids=["passes", "fails", "skips", "skips all", "expected", "mixed", "broken"],
)
def test_counts_and_exit_code(tmp_path, files, code, passed, failed, skipped):
    for number, text in enumerate(files):
        (tmp_path / f"test_{number}.py").write_text(text)
    counts = tmp_path / "counts.json"
    command = [sys.executable, "-m", "pytest", "-p", "beepost_strict", "-p", "no:odoo"]
    done = subprocess.run(
        [*command, "-c", os.devnull, "--rootdir", tmp_path, tmp_path],
        env={**os.environ, "PYTHONPATH": str(PLUGIN), "BEEPOST_COUNTS": str(counts)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == code, done.stdout
    found = json.loads(counts.read_text())
    seconds = found.pop("seconds")
    assert all(0 <= value < 60 for value in seconds.values())
    assert bool(seconds) is bool(passed + failed - files.count("import nowhere\n"))
    assert found == {"passed": passed, "failed": failed, "skipped": skipped}
