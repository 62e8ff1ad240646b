from odoo import _
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


def _offered(company):
    return company.sudo().beepost_portal and bool(company._beepost_account())


class BeepostPortal(PortalAccount):
    def _prepare_my_account_rendering_values(self, *args, **kwargs):
        # EXTENDS 'account'
        values = super()._prepare_my_account_rendering_values(*args, **kwargs)
        if _offered(request.env.company):
            values["invoice_sending_methods"]["beepost"] = _("by Post")
        return values

    def _parse_form_data(self, form_data):
        # EXTENDS 'portal': what is not offered cannot be chosen by a crafted form
        values, extra = super()._parse_form_data(form_data)
        if values.get("invoice_sending_method") == "beepost" and not _offered(
            request.env.company
        ):
            values.pop("invoice_sending_method")
        return values, extra
