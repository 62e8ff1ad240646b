"""What a worker beside the outbox does: a person cancels all that has not left."""

from posting import build

from odoo.exceptions import UserError

__all__ = ["build", "work"]


def work(env):
    waiting = env["beepost.mailing"].search(
        [("state", "in", ("draft", "ready", "queued", "sending"))], order="id desc"
    )
    for letter in waiting:
        try:
            with env.cr.savepoint():
                letter.action_cancel()
        except UserError:
            continue  # it is at work just now: the person is told to try again
