from datetime import timedelta

from odoo import fields, models

# Growing delay before the next try when the provider does not answer.
RETRY_DELAYS = (60, 300, 900, 3600)  # seconds


class BeepostFollow(models.Model):
    """How far an account's events have been read.

    A row of its own: the pull writes it with each page, and must not meet what the
    outbox writes on the account at the same time.
    """

    _name = "beepost.follow"
    _description = "Reading Position of a BeePOST Account"

    account_id = fields.Many2one(
        "beepost.account", required=True, readonly=True, ondelete="cascade"
    )
    cursor = fields.Char(default="", readonly=True)
    pulled_at = fields.Datetime(string="Last read", readonly=True)
    failures = fields.Integer(readonly=True)
    retry_at = fields.Datetime(string="Next try", readonly=True)
    error = fields.Text(readonly=True)

    _account_unique = models.UniqueIndex("(account_id)")

    def _of(self, accounts):
        """:return: one row for each of ``accounts``; missing ones are made"""
        found = self.search([("account_id", "in", accounts.ids)])
        missing = accounts - found.account_id
        if not missing:
            return found
        # A run and a person may both be the first. Whoever comes second starts again,
        # as with any conflict, and is not told of a unique index.
        accounts.flush_recordset()
        self.env.cr.execute(
            """
            INSERT INTO beepost_follow
                        (account_id, cursor, failures, create_uid, create_date,
                         write_uid, write_date)
                 SELECT id, '', 0, %(user)s, now() AT TIME ZONE 'UTC',
                        %(user)s, now() AT TIME ZONE 'UTC'
                   FROM unnest(%(accounts)s) AS id
            ON CONFLICT (account_id) DO NOTHING
            """,
            {"user": self.env.uid, "accounts": missing.ids},
        )
        return found + self.search([("account_id", "in", missing.ids)])

    def _is_due(self):
        self.ensure_one()
        return not self.retry_at or self.retry_at <= fields.Datetime.now()

    def _postpone(self, error, retry_after=None):
        """:param error: in words, for the account's page"""
        self.ensure_one()
        delay = RETRY_DELAYS[min(self.failures, len(RETRY_DELAYS) - 1)]
        retry_at = fields.Datetime.now() + timedelta(
            seconds=max(delay, retry_after or 0)
        )
        self.write(
            {"failures": self.failures + 1, "retry_at": retry_at, "error": error}
        )
        return retry_at
