"""What installing does beyond tables and data, and uninstalling beyond those."""

from odoo.addons.beepost_mail.hooks import (
    add_columns,
    delete_actions,
    delete_filters,
    forget_models,
    own_names,
)

ADDON = "beepost_tracking"
SLICE = 1000  # records computed at once


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
    own = own_names(env, ADDON, "ir.model")
    models = env["ir.model"].browse(own).mapped("model")
    _delete_papers(env, models)
    forget_models(env, models)
    delete_filters(env, ADDON, models)
    types = env["mail.activity.type"].browse(
        own_names(env, ADDON, "mail.activity.type")
    )
    env["mail.activity"].with_context(active_test=False).search(
        [("activity_type_id", "in", types.ids)]
    ).unlink()
    delete_actions(env, own)
    env["ir.config_parameter"].search([("key", "=like", f"{ADDON}.%")]).unlink()
    # Stages and wordings are data of the addon: nothing holds them fast.
    env.flush_all()
    env.cr.execute("UPDATE beepost_mailing SET stage_id = NULL")
    env.cr.execute("DELETE FROM beepost_event")
    env.invalidate_all()


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
