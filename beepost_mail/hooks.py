"""What uninstalling takes along, beyond the addon's own tables."""


def uninstall_hook(env):
    env["beepost.account"].with_context(active_test=False).search([]).cron_id.unlink()
    models = [name for name in env if name.startswith("beepost.")]
    for comodel, field in (
        ("ir.attachment", "res_model"),
        ("mail.activity", "res_model"),
        ("mail.followers", "res_model"),
        ("mail.message", "model"),
    ):
        env[comodel].search([(field, "in", models)]).unlink()
