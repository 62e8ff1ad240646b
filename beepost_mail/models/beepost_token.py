from odoo import fields, models


class BeepostToken(models.Model):
    """The access token of one account; two accounts never share one.

    A table of its own: a worker writes it in the middle of its work, from another
    connection, and must not meet its own pending writes on the account.
    """

    _name = "beepost.token"
    _description = "Access Token of a BeePOST Account"

    account_id = fields.Many2one("beepost.account", required=True, ondelete="cascade")
    token = fields.Char(groups=fields.NO_ACCESS)

    _account_unique = models.UniqueIndex("(account_id)")

    def _of(self, accounts):
        return self.search([("account_id", "in", accounts.ids)])
