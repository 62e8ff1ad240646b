from odoo import api, fields, models

from .beepost_postable import OWN_DIALOG


class BeepostLeftOut(models.Model):
    """A kind of document that is never offered to be posted."""

    _name = "beepost.left.out"
    _description = "Kind of Document Left Out of the Post"
    _order = "model"

    # By its technical name: what is shipped may belong to an app that is not there yet.
    model = fields.Char(string="Technical name", required=True)
    name = fields.Char(string="Kind of document", compute="_compute_name")
    choice = fields.Selection(
        selection="_select_models",
        string="Leave out",
        compute="_compute_choice",
        inverse="_inverse_choice",
        help="Documents of this kind have no “Send by post” in their Print menu.",
    )

    _model_unique = models.Constraint(
        "UNIQUE(model)", "This kind of document is left out already."
    )

    @api.depends("model")
    def _compute_name(self):
        for kind in self:
            known = self.env["ir.model"]._get(kind.model) if kind.model else None
            kind.name = known.sudo().name if known else kind.model

    @api.model
    def _select_models(self):
        """Kinds that could be posted, whether left out or not."""
        postable = self.env["beepost.postable"]
        reports = self.env["ir.actions.report"].sudo().search(postable._bound_domain())
        names = sorted(set(reports.mapped("model")))
        models_there = self.env["ir.model"].sudo()
        return [
            (name, models_there._get(name).name)
            for name in names
            if name not in OWN_DIALOG and postable._has_addressee(name)
        ]

    @api.depends("model")
    def _compute_choice(self):
        known = dict(self._select_models())
        for kind in self:
            kind.choice = kind.model if kind.model in known else False

    def _inverse_choice(self):
        for kind in self.filtered("choice"):
            kind.model = kind.choice

    # The Print menus are remembered, see ``ir.actions.actions._get_bindings``.
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["model"] = vals.get("model") or vals.get("choice")
        kinds = super().create(vals_list)
        self.env.registry.clear_cache()
        return kinds

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
