from odoo import models
from odoo.tools import frozendict, ormcache

MENU = "beepost_mail.action_compose"


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    def _get_bindings(self, model_name):
        # EXTENDS 'base': *Send by post* in the Print menu of whatever can be printed
        # for somebody. Core checks who may use the dialog.
        bindings = super()._get_bindings(model_name)
        entry = self._beepost_menu_entry(model_name)
        if not entry:
            return bindings
        return frozendict(bindings, report=[*bindings.get("report", ()), entry])

    @ormcache("model_name", "self.env.lang")
    def _beepost_menu_entry(self, model_name):
        """:return: the entry as core keeps its own, or None"""
        action = self.env.ref(MENU, raise_if_not_found=False)
        if not action or not self.env["beepost.postable"]._is_postable(model_name):
            return None
        action = action.sudo()
        groups = action.group_ids._ensure_xml_id().values()
        return frozendict(
            id=action.id,
            name=action.name,
            binding_view_types="list,form,kanban",
            group_ids=list(groups),
            res_model=action.res_model,
        )
