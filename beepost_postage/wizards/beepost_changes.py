from odoo import fields, models

from ..models import postage_words as words
from ..models.price_case import as_choice, as_service
from ..tariff import advice


class BeepostChanges(models.AbstractModel):
    """What would cost less for all letters of a dialog, chosen by one click and undone
    by another."""

    _name = "beepost.changes"
    _description = "Changes that Cost Less"

    # Codes of ``tariff.advice.CHANGES`` with commas between them.
    changes = fields.Char(
        help="Changes for all letters that they fit, on top of each one's own options."
    )

    def _change_codes(self):
        codes = (self.changes or "").split(",")
        return [code for code in codes if code in advice.CHANGES]

    def _change_services(self, companies):
        """:return: {account id: services that its letters may take, in order}"""
        found = {}
        for company in companies:
            services = [as_service(s) for s in company._beepost_services()]
            for account in company._beepost_accounts():
                found[account.id] = services
        return found

    def _with_changes(self, options, company):
        """Options of a letter of ``company``, after what was chosen for all letters."""
        codes = self._change_codes()
        if not codes:
            return options
        services = [as_service(service) for service in company._beepost_services()]
        return self._changed(options, codes, services)

    def _changed(self, options, codes, services):
        """
        :param codes: of ``tariff.advice.CHANGES``
        :param services: ``tariff.advice.Service`` that the letter may take, in order
        :return: ``options`` after these changes
        """
        choice = as_choice(options, {service.key: service for service in services})
        for code in codes:
            choice = advice.changed(choice, code, services)
        return {
            **options,
            "service_id": choice.service.key,
            "duplex": choice.duplex,
            "color": choice.color,
            "address_sheet": choice.address_sheet,
        }

    def _change_rows(self, savings):
        """Rows for the widget: what was chosen, and what would cost less.

        :param savings: list of (code, EUR with tax)
        """
        codes = self._change_codes()
        chosen = [
            {
                "sentence": words.chosen_for_all(self.env, code),
                "label": self.env._("Undo"),
                "values": {"changes": ",".join(c for c in codes if c != code)},
            }
            for code in codes
        ]
        return chosen + [
            {
                "sentence": self._change_sentence(code, saving),
                "label": self.env._("Apply"),
                "values": {"changes": ",".join([*codes, code])},
            }
            for code, saving in savings
            if code not in codes
        ]

    def _change_sentence(self, code, saving):
        return words.advice_for_all(self.env, code, saving)
