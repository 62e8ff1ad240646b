"""What installing does beyond tables and data."""


def post_init_hook(env):
    """Letters that were there before get their stage: when their columns were made
    there was none yet."""
    letters = env["beepost.mailing"].search([])
    env.add_to_compute(letters._fields["stage_id"], letters)
    env["beepost.follow"]._of(env["beepost.account"].search([]))
