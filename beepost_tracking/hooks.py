"""What installing does beyond tables and data, and uninstalling beyond those."""

import re

from odoo.addons.beepost_mail.hooks import add_columns

ADDON = "beepost_tracking"
SLICE = 1000  # records computed at once
# What else refers to a model or a record by its name.
BY_MODEL_NAME = (
    ("ir.attachment", "res_model"),
    ("ir.filters", "model_id"),
    ("mail.activity", "res_model"),
    ("mail.followers", "res_model"),
    ("mail.message", "model"),
)


def pre_init_hook(env):
    """Of all journal entries only those with a letter are to compute, and that once
    there are stages: see ``post_init_hook``."""
    add_columns(
        env.cr,
        "account_move",
        {"beepost_stage_id": "int4", "beepost_return_reason": "varchar"},
    )


def post_init_hook(env):
    """Letters that were there before get their stage: when their columns were made
    there was none yet. Their invoices get it from them."""
    everywhere = env["beepost.account"].with_context(active_test=False)
    everywhere.search([])._give_webhook_tokens()
    env["beepost.follow"]._of(env["beepost.account"].search([]))
    _compute(env["beepost.mailing"], "stage_id", "SELECT id FROM beepost_mailing")
    _compute(
        env["account.move"],
        "beepost_stage_id",
        """
        SELECT move.id FROM account_move move
         WHERE EXISTS (SELECT FROM beepost_mailing_document line
                        WHERE line.res_model = 'account.move'
                          AND line.res_id = move.id)
        """,
    )


def _compute(model, field, query):
    """Slice by slice, so that a long history needs no more memory than a short one."""
    env = model.env
    env.flush_all()
    env.cr.execute(f"{query} ORDER BY id")
    ids = [row_id for (row_id,) in env.cr.fetchall()]
    for start in range(0, len(ids), SLICE):
        records = model.browse(ids[start : start + SLICE])
        env.add_to_compute(model._fields[field], records)
        env.flush_all()
        env.invalidate_all()


def uninstall_hook(env):
    """:raises UserError: evidence would be lost that nobody has exported"""
    module = env["ir.module.module"].search([("name", "=", ADDON)])
    module._beepost_require_export()
    own = _own_names(env, "ir.model")
    models = env["ir.model"].browse(own).mapped("model")
    _delete_papers(env, models)
    for comodel, field in BY_MODEL_NAME:
        env[comodel].search([(field, "in", models)]).unlink()
    _delete_filters(env, models)
    types = env["mail.activity.type"].browse(_own_names(env, "mail.activity.type"))
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "in", types.ids)]
    ).unlink()
    # A scheduled action holds its server action fast.
    for actions in ("ir.cron", "ir.actions.server"):
        env[actions].with_context(active_test=False).search(
            [("model_id", "in", own)]
        ).unlink()
    env["ir.config_parameter"].search([("key", "=like", f"{ADDON}.%")]).unlink()
    # Stages and wordings are data of the addon: nothing holds them fast.
    env.flush_all()
    env.cr.execute("UPDATE beepost_mailing SET stage_id = NULL")
    env.cr.execute("DELETE FROM beepost_event")
    env.invalidate_all()


def _own_names(env, model):
    """:return: ids of what this addon brought into ``model``"""
    names = env["ir.model.data"].search([("model", "=", model), ("module", "=", ADDON)])
    ids = set(names.mapped("res_id"))
    shared = env["ir.model.data"].search(
        [("model", "=", model), ("module", "!=", ADDON), ("res_id", "in", list(ids))]
    )
    return list(ids - set(shared.mapped("res_id")))


def _delete_papers(env, models):
    """Files that records of ours hold, wherever they hang."""
    for name in models:
        model = env.get(name)
        field = model is not None and model._fields.get("attachment_id")
        if field and field.store and field.comodel_name == "ir.attachment":
            records = model.search([("attachment_id", "!=", False)])
            files = records.attachment_id
            env.flush_all()
            env.cr.execute(f'UPDATE "{model._table}" SET attachment_id = NULL')
            env.invalidate_all()
            files.unlink()


def _delete_filters(env, models):
    """Favourites on records that stay, but by fields that go: they would break the
    screen that they are for."""
    own = env["ir.model.fields"].browse(_own_names(env, "ir.model.fields"))
    staying = own.filtered(lambda field: field.model not in models)
    filters = env["ir.filters"].with_context(active_test=False)
    for model, fields in staying.grouped("model").items():
        names = "|".join(map(re.escape, fields.mapped("name")))
        quoted = re.compile(rf"""["']({names})\b""")
        for found in filters.search([("model_id", "=", model)]):
            if quoted.search(f"{found.domain} {found.context} {found.sort}"):
                found.unlink()
