"""What installing does beyond tables and data, and uninstalling beyond those."""

from odoo.addons.beepost_mail.hooks import (
    delete_actions,
    delete_filters,
    forget_models,
    own_names,
)

ADDON = "beepost_postage"
# What refers to what we ship is gone before it, in this order.
TABLES = ("option", "line", "grid", "tariff")


def post_init_hook(env):
    """Accounts that were there before get the shipped tariff, as new ones do."""
    accounts = env["beepost.account"].with_context(active_test=False)
    accounts.search([("tariff_id", "=", False)]).tariff_id = env.ref(
        "beepost_postage.tariff_beepost"
    )


def uninstall_hook(env):
    """Letters that waited for a price go on without one; no price list is kept, whoever
    made it, for each of them would hold fast what we ship."""
    waiting = [("state", "=", "ready"), ("price_missing", "=", True)]
    env["beepost.mailing"].search(waiting)._release_for_price()
    own = own_names(env, ADDON, "ir.model")
    models = env["ir.model"].browse(own).mapped("model")
    forget_models(env, models)
    delete_filters(env, ADDON, models)
    delete_actions(env, own)
    env.flush_all()
    env.cr.execute(
        "UPDATE beepost_mailing SET postage_grid_id = NULL,"
        " postage_public_grid_id = NULL, postage_line_id = NULL"
    )
    env.cr.execute("UPDATE beepost_account SET tariff_id = NULL")
    env.cr.execute("UPDATE beepost_postage_tariff SET public_id = NULL")
    env.cr.execute("UPDATE beepost_postage_zone SET parent_id = NULL")
    for table in TABLES:
        env.cr.execute(f"DELETE FROM beepost_postage_{table}")
    env.invalidate_all()
