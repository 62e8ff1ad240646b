"""What installing prepares, and what uninstalling takes along beyond our tables."""

import re

from odoo.tools import sql

# What else refers to a model or a record by its name.
BY_MODEL_NAME = (
    ("ir.attachment", "res_model"),
    ("ir.filters", "model_id"),
    ("mail.activity", "res_model"),
    ("mail.followers", "res_model"),
    ("mail.message", "model"),
)


def pre_init_hook(env):
    """No letter can be there yet: nothing is to compute for any journal entry."""
    add_columns(env.cr, "account_move", {"beepost_state": "varchar"})


def add_columns(cr, table, columns):
    """Makes columns of stored computed fields before Odoo does.

    A column that Odoo makes itself it fills for each row of the table, and journal
    entries there may be millions; one that is there already it leaves as it is.
    """
    for name, kind in columns.items():
        if not sql.column_exists(cr, table, name):
            sql.create_column(cr, table, name, kind)


def uninstall_hook(env):
    env["ir.module.module"].search(
        [("name", "=", "beepost_mail")]
    )._beepost_require_export()
    env["beepost.account"].with_context(active_test=False).search([]).cron_id.unlink()
    _unchoose(env)
    # Puts back the layout and paper that ours replaced.
    env["res.company"].search([]).filtered("beepost_layout").beepost_layout = False
    # A letter holds its PDF fast; from here on both go.
    env["beepost.mailing"].search([("pdf_id", "!=", False)]).pdf_id = False
    models = [name for name in env if name.startswith("beepost.")]
    forget_models(env, models)
    # Before the services and profiles that they refer to.
    env.flush_all()
    env.cr.execute("DELETE FROM beepost_mailing")
    env.cr.execute("DELETE FROM beepost_account")
    env.invalidate_all()


def _unchoose(env):
    """Nobody is left with a way of sending that is gone: in no company, for core's own
    clean-up sees the current one only, and not for invoices whose PDF is still to be
    made, which core would send by e-mail instead."""
    for company in env["res.company"].search([]):
        env["res.partner"].with_company(company).with_context(active_test=False).search(
            [("invoice_sending_method", "=", "beepost")]
        ).invoice_sending_method = False
    field = env["ir.model.fields"]._get("res.partner", "invoice_sending_method")
    env["ir.default"].search(
        [("field_id", "=", field.id), ("json_value", "=", '"beepost"')]
    ).unlink()
    pending = env["account.move"].search([("sending_data", "!=", False)])
    pending.filtered(
        lambda move: move.sending_data.get("beepost_only")
    ).sending_data = False


# ----------------------------------------------------------------------
# What an addon takes along beyond its tables
# ----------------------------------------------------------------------


def own_names(env, addon, model):
    """:return: ids of what ``addon`` alone brought into ``model``"""
    names = env["ir.model.data"].search([("model", "=", model), ("module", "=", addon)])
    ids = set(names.mapped("res_id"))
    shared = env["ir.model.data"].search(
        [("model", "=", model), ("module", "!=", addon), ("res_id", "in", list(ids))]
    )
    return list(ids - set(shared.mapped("res_id")))


def forget_models(env, models):
    """What hangs on records of these models by the model's name."""
    for comodel, field in BY_MODEL_NAME:
        env[comodel].search([(field, "in", models)]).unlink()


def delete_actions(env, model_ids):
    """A scheduled action holds its server action fast."""
    for actions in ("ir.cron", "ir.actions.server"):
        env[actions].with_context(active_test=False).search(
            [("model_id", "in", model_ids)]
        ).unlink()


def delete_filters(env, addon, models):
    """Favourites on records that stay, but by fields that go: they would break the
    screen that they are for."""
    own = env["ir.model.fields"].browse(own_names(env, addon, "ir.model.fields"))
    staying = own.filtered(lambda field: field.model not in models)
    filters = env["ir.filters"].with_context(active_test=False)
    for model, fields in staying.grouped("model").items():
        names = "|".join(map(re.escape, fields.mapped("name")))
        quoted = re.compile(rf"""["']({names})\b""")
        for found in filters.search([("model_id", "=", model)]):
            if quoted.search(f"{found.domain} {found.context} {found.sort}"):
                found.unlink()
