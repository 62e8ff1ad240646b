from odoo import models
from odoo.exceptions import UserError

OURS = ("beepost_mail", "beepost_tracking")


class IrModuleModule(models.Model):
    """Uninstalling deletes the evidence of letters that were really posted: not before
    somebody has exported it.

    Whichever way it is asked for: the list of apps, its wizard, the command line and
    remote calls all end in one of these two methods. Should a third way be found, the
    addons' uninstall hooks ask once more.
    """

    _inherit = "ir.module.module"

    def button_uninstall(self):
        (self + self.downstream_dependencies())._beepost_require_export()
        return super().button_uninstall()

    def module_uninstall(self):
        self._beepost_require_export()
        return super().module_uninstall()

    def _beepost_require_export(self):
        """:raises UserError: evidence would be lost"""
        ours = self.filtered(lambda module: module.name in OURS)
        # When the addon's own hook has run, its letters are gone, and it has asked.
        if not ours:
            return
        letters = self.env["beepost.mailing"].sudo()
        count = letters.search_count(letters._unexported_domain())
        if not count:
            return
        raise UserError(
            self.env._(
                "%(count)s letters were really posted, and uninstalling %(addon)s"
                " deletes their evidence: export it first, for every company, under"
                " Post, Configuration, Export evidence.",
                count=count,
                addon=ours[0].shortdesc,
            )
            + letters._how_to_export()
        )
