"""What a second process does beside the outbox: puts together all that still waits."""


def work(env):
    letters = env["beepost.mailing"].search(
        env["beepost.mailing"]._groupable_domain(), order="id"
    )
    letters = letters.try_lock_for_update()
    letters._count_if_needed()
    groups = [group for group in letters._find_groups() if len(group) > 1]
    env["beepost.mailing"]._put_together(groups)
