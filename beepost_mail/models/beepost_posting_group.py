from odoo import api, fields, models


class BeepostPosting(models.AbstractModel):
    """Letters of a company that puts its letters together once a day wait for it."""

    _inherit = "beepost.posting"

    @api.model
    def _option_names(self):
        # EXTENDS: ``grouping`` is how the sender wants it
        return (*super()._option_names(), "grouping")

    @api.model
    def _prepare_vals(self, envelope, user, usual):
        # EXTENDS: a plan of the user's own stays what it is, and so does a wish
        values = super()._prepare_vals(envelope, user, usual)
        house = envelope["company"]._beepost_house()
        if (
            house.beepost_grouping == "automatic"
            and not values.get("grouping")
            and not values["planned_at"]
            and not self.env["beepost.service"].browse(values["service_id"]).registered
        ):
            moment = house._beepost_grouping_moment(fields.Datetime.now())
            values.update(grouping="day", planned_at=moment)
        return values
