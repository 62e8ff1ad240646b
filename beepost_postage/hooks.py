"""What installing does beyond tables and data."""


def post_init_hook(env):
    """Accounts that were there before get the shipped tariff, as new ones do."""
    accounts = env["beepost.account"].with_context(active_test=False)
    accounts.search([("tariff_id", "=", False)]).tariff_id = env.ref(
        "beepost_postage.tariff_beepost"
    )


def uninstall_hook(env):
    """What hangs on our models by their names would outlive them."""
    models = ("beepost.postage.tariff", "beepost.postage.grid")
    for comodel, field in (
        ("mail.activity", "res_model"),
        ("mail.message", "model"),
        ("mail.followers", "res_model"),
    ):
        env[comodel].with_context(active_test=False).search(
            [(field, "in", models)]
        ).unlink()
    # A scheduled action holds its server action fast.
    for actions in ("ir.cron", "ir.actions.server"):
        env[actions].with_context(active_test=False).search(
            [("model_id.model", "in", models)]
        ).unlink()
