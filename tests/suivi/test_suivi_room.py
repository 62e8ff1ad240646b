"""The stand-ins for Odoo's packages give our pure rooms, and nothing of Odoo."""

import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    ["odoo.models", "odoo.tools", "odoo.addons.base", "odoo.addons.setup"],
)
def test_nothing_of_odoo_is_there(name):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)


def test_no_model_can_be_imported():
    with pytest.raises(ImportError):
        importlib.import_module("odoo.addons.beepost_mail.models")


def test_a_room_is_found_as_the_addons_call_it():
    from odoo.addons.beepost_mail.gateway import port

    assert port.__name__ == "odoo.addons.beepost_mail.gateway.port"
