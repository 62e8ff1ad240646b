"""What uninstalling takes along, beyond the addon's own tables."""


def uninstall_hook(env):
    env["beepost.account"].with_context(active_test=False).search([]).cron_id.unlink()
    _unchoose(env)
    # Puts back the layout and paper that ours replaced.
    env["res.company"].search([]).filtered("beepost_layout").beepost_layout = False
    # A letter holds its PDF fast; from here on both go.
    env["beepost.mailing"].search([("pdf_id", "!=", False)]).pdf_id = False
    models = [name for name in env if name.startswith("beepost.")]
    for comodel, field in (
        ("ir.attachment", "res_model"),
        ("mail.activity", "res_model"),
        ("mail.followers", "res_model"),
        ("mail.message", "model"),
    ):
        env[comodel].search([(field, "in", models)]).unlink()


def _unchoose(env):
    """Nobody is left with a way of sending that is gone: in no company, for core's own
    clean-up sees the current one only, and not for invoices whose PDF is still to be
    made, which core would send by e-mail instead."""
    for company in env["res.company"].search([]):
        env["res.partner"].with_company(company).with_context(active_test=False).search(
            [("invoice_sending_method", "=", "beepost")]
        ).invoice_sending_method = False
    pending = env["account.move"].search([("sending_data", "!=", False)])
    pending.filtered(
        lambda move: move.sending_data.get("beepost_only")
    ).sending_data = False
