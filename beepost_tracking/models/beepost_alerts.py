from odoo import api, models

from odoo.addons.beepost_mail.models.beepost_alerts import short_list

from ..journey.codes import ADDRESS_REASONS


class BeepostAlerts(models.AbstractModel):
    _inherit = "beepost.alerts"

    @api.model
    def _get(self, moves):
        # EXTENDS 'beepost_mail'
        alerts = super()._get(moves)
        alert = self._came_back(moves)
        if alert:
            alerts["beepost_returned"] = alert
        return alerts

    def _came_back(self, moves):
        """Letters to an address that a letter came back from would come back too."""
        partners = moves.filtered(
            lambda move: (
                move.partner_id.beepost_returned_on
                and (
                    not move.partner_id.beepost_return_is_practice
                    or move.company_id._beepost_practises()
                )
            )
        ).partner_id
        if not partners:
            return None
        blamed = partners.filtered(
            lambda p: (
                p.beepost_return_reason in ADDRESS_REASONS
                and not p.beepost_return_is_practice
            )
        )
        if len(partners) == 1:
            message = partners._beepost_return_words()
        else:
            message = self._came_back_words(partners, blamed)
        return {
            "level": "warning",
            "message": message,
            "action_text": self.env._("Correct the address")
            if blamed and len(partners) == 1
            else self.env._("View the addressees"),
            "action": partners._get_records_action(
                name=self.env._("Addressees whose letters came back")
            ),
        }

    def _came_back_words(self, partners, blamed):
        """Of several addressees.

        :param blamed: those of ``partners`` whose address was the reason
        """
        figures = {
            "count": len(partners),
            "names": short_list(self.env, partners.mapped("display_name")),
        }
        if not blamed:
            return self.env._(
                "Letters to %(count)s of these addressees came back: %(names)s. Find"
                " out why before you send again.",
                **figures,
            )
        return self.env._(
            "Letters to %(count)s of these addressees came back, for %(blamed)s of them"
            " because of the address: %(names)s. Correct the addresses before you send"
            " again.",
            blamed=len(blamed),
            **figures,
        )
