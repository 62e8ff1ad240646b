from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

ADMIN = "beepost_mail.group_admin"


class BeepostMailing(models.Model):
    """Who may read what: the content follows the documents in the envelope.

    A document that is gone can no longer say who may. Then those who administer the
    post may, in the letter's company: evidence is never locked away from everyone.
    """

    _inherit = "beepost.mailing"

    def _readable_content(self):
        """Those of ``self`` of which the user may read every document that is left."""
        if self.env.su:
            return self
        ids_by_model = {}
        lines = self.sudo()._carriers().document_ids
        for line in lines:
            ids_by_model.setdefault(line.res_model, set()).add(line.res_id)
        readable, gone = set(), set()
        for model, ids in ids_by_model.items():
            there = set()
            if model in self.env:
                records = self.env[model].browse(ids).exists()
                there.update(records.ids)
                allowed = records._filtered_access("read")
                readable.update((model, res_id) for res_id in allowed.ids)
            gone.update((model, res_id) for res_id in ids - there)
        heir = self.env.user.has_group(ADMIN)

        def is_readable(mailing):
            letter = mailing.sudo()._carriers()
            documents = {(line.res_model, line.res_id) for line in letter.document_ids}
            inherited = heir and letter.company_id in self.env.companies
            return documents and documents <= (
                readable | gone if inherited else readable
            )

        return self.filtered(is_readable)

    @api.model
    def _content_domain(self):
        """Domain of the letters of which the user may read every document that is left;
        whoever searches sees to the letter's company."""
        Document = self.env["beepost.mailing.document"].sudo()
        heir = self.env.user.has_group(ADMIN)
        unreadable = Domain.TRUE
        for (model,) in Document._read_group([], ["res_model"]):
            of_model = Domain("res_model", "=", model)
            if model not in self.env:
                unreadable &= ~of_model if heir else Domain.TRUE
                continue
            every = self.env[model].with_context(active_test=False)
            if every.has_access("read"):
                unreadable &= ~(of_model & Domain("res_id", "in", every._search([])))
            if heir:
                there = every.sudo()._search([])
                unreadable &= ~(of_model & Domain("res_id", "not in", there))
        carrying = Domain("document_ids", "any!", Domain.TRUE) & Domain(
            "document_ids", "not any!", unreadable
        )
        return carrying | Domain("grouped_into_id", "any!", carrying)

    def _carriers(self):
        """The letters in which the documents of these lie: of one that was put together
        with others, the one that took them."""
        return self.browse().union(*(m.grouped_into_id or m for m in self))

    def _sees_all_metadata(self):
        return self.env.su or self.env.user.has_group("beepost_mail.group_manager")

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self._sees_all_metadata() or not self:
            return result
        mine = self - result[0] if result else self
        hidden = mine - mine._readable_content()
        if not hidden:
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: self._make_content_error(hidden)

    def _make_content_error(self, mailings):
        return AccessError(
            self.env._(
                "You may see a letter only if you may read every document in it."
                " Ask a post manager about letter %(names)s.",
                names=", ".join(mailings[:5].sudo().mapped("name")),
            )
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self._sees_all_metadata()):
            domain = Domain(domain) & self._content_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
