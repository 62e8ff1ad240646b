from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


def _offered():
    """Where the company lets customers choose, and to whom has it already: saving the
    form would take it away from him."""
    company, partner = request.env.company, request.env.user.partner_id
    if not company._beepost_account():
        return False
    chosen = partner.with_company(company).sudo().invoice_sending_method
    return company._beepost_house().beepost_portal or chosen == "beepost"


class BeepostPortal(PortalAccount):
    def _prepare_my_account_rendering_values(self, *args, **kwargs):
        # EXTENDS 'account'
        values = super()._prepare_my_account_rendering_values(*args, **kwargs)
        if _offered():
            values["invoice_sending_methods"]["beepost"] = request.env._("by Post")
        values["beepost_account"] = bool(request.env.company._beepost_account())
        return values

    def _parse_form_data(self, form_data):
        # EXTENDS 'portal': what is not offered cannot be chosen by a crafted form
        values, extra = super()._parse_form_data(form_data)
        if values.get("invoice_sending_method") == "beepost" and not _offered():
            values.pop("invoice_sending_method")
        return values, extra
