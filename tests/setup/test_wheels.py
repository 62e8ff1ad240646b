"""Each addon becomes a wheel that holds what its manifest names."""

import ast
import email
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ADDONS = [manifest.parent for manifest in sorted(ROOT.glob("*/__manifest__.py"))]


def test_there_are_addons():
    assert "beepost_mail" in [addon.name for addon in ADDONS]


@pytest.fixture(params=ADDONS, ids=lambda addon: addon.name)
def wheel(request, tmp_path):
    """(addon's folder, its manifest, its wheel opened)"""
    addon = request.param
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*command, "--outdir", tmp_path, addon], check=True)
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield addon, ast.literal_eval((addon / "__manifest__.py").read_text()), opened


def test_holds_every_file_of_the_manifest(wheel):
    addon, manifest, opened = wheel
    inside = set(opened.namelist())
    named = ["__init__.py", "__manifest__.py", *manifest.get("data", [])]
    assert not {f"odoo/addons/{addon.name}/{name}" for name in named} - inside


def test_requires_what_the_manifest_names(wheel):
    _, manifest, opened = wheel
    (name,) = (n for n in opened.namelist() if n.endswith(".dist-info/METADATA"))
    required = email.message_from_bytes(opened.read(name)).get_all("Requires-Dist")
    wanted = manifest.get("external_dependencies", {}).get("python", [])
    assert {"odoo==19.0.*", *wanted} <= set(required)
