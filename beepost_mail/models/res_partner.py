from datetime import date

from odoo import api, fields, models

from ..letter import address as room
from ..letter import territory
from ..letter.finding import Refusal

# Domestic invoices between companies are electronic in France from this day on for
# every addressee; the issuer's own first day depends on its size (company setting).
EINVOICE_RECEPTION = date(2026, 9, 1)
# The obligation binds those liable to VAT and established where French VAT applies:
# the mainland, Corsica and, overseas, Guadeloupe, Martinique and Réunion. In Guiana and
# Mayotte no VAT is levied for now, the other territories have taxes of their own: sales
# there are exports. Sources: CGI art. 289 bis, 294; DGFiP's questions and answers on
# operations overseas (January 2026); AFNOR XP Z12-014, use case 44. A law may change
# this list: an administrator can, with the system parameter. Monaco is left out, since
# no source was found that binds its companies.
EINVOICE_OVERSEAS = "971,972,974"
EINVOICE_OVERSEAS_PARAMETER = "beepost_mail.einvoice_overseas"

FRANCE = ("metropole", "corsica", "military")  # zones of Europe

YES_NO = [("yes", "Yes"), ("no", "No")]


class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_sending_method = fields.Selection(
        selection_add=[("beepost", "by Post (BeePOST)")]
    )
    beepost_service_id = fields.Many2one(
        "beepost.service",
        string="Postal service",
        company_dependent=True,
        help="Empty: the company's usual service.",
    )
    beepost_color = fields.Selection(
        YES_NO,
        string="Letters in colour",
        company_dependent=True,
        help="Empty: as the company usually does.",
    )
    beepost_duplex = fields.Selection(
        YES_NO,
        string="Letters on both sides",
        company_dependent=True,
        help="Empty: as the company usually does.",
    )
    beepost_public_body = fields.Boolean(
        string="Public body",
        help="Administrations are invoiced through Chorus Pro: paper is only a copy.",
    )
    beepost_mailing_count = fields.Integer(
        compute="_compute_beepost_mailing_count", groups="beepost_mail.group_user"
    )

    def _compute_beepost_mailing_count(self):
        everyone = self.with_context(active_test=False)
        family = everyone.search_fetch([("id", "child_of", self.ids)], ["parent_id"])
        counts = dict(
            self.env["beepost.mailing"]._read_group(
                [("partner_id", "in", family.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            members = family.filtered(
                lambda member, top=partner: member._beepost_is_under(top)
            )
            partner.beepost_mailing_count = sum(counts.get(m, 0) for m in members)

    def _beepost_is_under(self, top):
        node = self
        while node and node != top:
            node = node.parent_id
        return bool(node)

    def action_open_beepost_mailings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {}
        return action

    # ------------------------------------------------------------------
    # The address
    # ------------------------------------------------------------------

    def _beepost_parts(self):
        """The address in the words of ``letter.address``.

        A nameless invoice address takes its parent's name; a person prints under the
        company it belongs to.
        """
        self.ensure_one()
        parent_name = self.parent_id.name or self.commercial_company_name or ""
        if self.is_company or not self.name:
            company, person = self.name or parent_name, ""
        else:
            company, person = parent_name, self.name
        if not company:
            company, person = person, ""
        return room.Parts(
            company=company or "",
            person=person or "",
            street=self.street or "",
            street2=self.street2 or "",
            zip=self.zip or "",
            city=self.city or "",
            state=self.state_id.name or "",
            country=self.country_id.code or "",
        )

    def _beepost_address(self):
        """The window lines of this addressee, as seen from France: it is there that
        BeePOST posts, wherever the sender lives.

        :return: (``letter.address.Address`` or None, tuple of findings)
        """
        self.ensure_one()
        try:
            address = room.compose(self._beepost_parts())
        except Refusal as refusal:
            return None, refusal.findings
        return address, address.findings

    # ------------------------------------------------------------------
    # Preferences
    # ------------------------------------------------------------------

    def _beepost_options(self, company):
        """Options for a letter from ``company``: the commercial partner's own, else
        the company's.

        :return: dict of plain values, as kept in ``sending_data``
        """
        partner = self.commercial_partner_id.with_company(company)
        service = company._beepost_service(partner.beepost_service_id.id)
        house = company._beepost_house()
        return {
            "account_id": company._beepost_account().id,
            "service_id": service.id,
            "color": _choose(partner.beepost_color, house.beepost_color),
            "duplex": _choose(partner.beepost_duplex, house.beepost_duplex),
            "address_sheet": house.beepost_address_sheet,
        }

    def _beepost_einvoice_reason(self, company, day):
        """Why an invoice of ``day`` to this addressee must be electronic.

        :return: "public", "b2b" or "" (source: reform of electronic invoicing,
            postal.md "Electronic invoicing in France")
        """
        self.ensure_one()
        partner = self.commercial_partner_id
        places = company.partner_id._beepost_zone(), partner._beepost_zone()
        if not all(place in FRANCE or _is_overseas(place) for place in places):
            return ""
        if partner.beepost_public_body:
            # Chorus Pro serves all of them, also where no VAT is levied.
            return "public"
        if not all(self._beepost_has_einvoices(place) for place in places):
            return ""
        professional = partner.is_company or bool(partner.vat)
        issuing = company._beepost_house().beepost_einvoice_from
        start = max(EINVOICE_RECEPTION, issuing or date.max)
        return "b2b" if professional and day >= start else ""

    @api.model
    def _beepost_has_einvoices(self, zone):
        """Whether companies in this zone must exchange electronic invoices."""
        listed = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param(EINVOICE_OVERSEAS_PARAMETER, EINVOICE_OVERSEAS)
        )
        overseas = {f"overseas:{number.strip()}" for number in listed.split(",")}
        return zone in FRANCE or zone in overseas

    def _beepost_zone(self):
        """Where this address lies for the post, as ``letter.territory.zone`` names it:
        ``metropole`` or ``overseas:974`` for instance, "" without a country."""
        self.ensure_one()
        country = self.country_id.code
        return territory.zone(country, self.zip or "") if country else ""

    @api.model
    def _commercial_fields(self):
        return [
            *super()._commercial_fields(),
            "beepost_service_id",
            "beepost_color",
            "beepost_duplex",
            "beepost_public_body",
        ]


def _is_overseas(zone):
    return zone.startswith("overseas:")


def _choose(own, usual):
    return own == "yes" if own else bool(usual)
