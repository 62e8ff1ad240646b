from odoo import fields, models
from odoo.tools import format_datetime

from .beepost_mailing import OPTION_FIELDS


class BeepostMailing(models.Model):
    """A letter that takes the place of one that left: the former one is evidence and
    stays as it is."""

    _inherit = "beepost.mailing"

    def _successors(self):
        """Letters that stand in the place of these; cancelled ones do not."""
        return self.replaced_by_ids.filtered(lambda m: m.state != "cancelled")

    def _obstacles_to_successor(self):
        """Why no new letter can be made of a letter's documents and options.

        :return: {letter: reason in words}
        """
        withdrawn = self.document_ids._withdrawn().mailing_id
        reasons = {}
        for letter in self:
            successor = letter._successors()[:1]
            lost = letter.document_ids.filtered(lambda line: not line.attachment_id)
            if successor:
                reasons[letter] = self.env._(
                    "Letter %(name)s was sent again already, by %(user)s on %(date)s.",
                    name=letter.name,
                    user=successor.user_id.name,
                    date=format_datetime(
                        self.env, successor.create_date, dt_format="short"
                    ),
                )
            elif letter in withdrawn:
                reasons[letter] = self.env._(
                    "Document %(name)s was changed or cancelled since: send it anew"
                    " from the document itself.",
                    name=letter.name,
                )
            elif lost:
                reasons[letter] = self.env._(
                    "The file of “%(name)s” is gone: send the document anew from the"
                    " document itself.",
                    name=lost[0].name,
                )
            elif not letter.account_id.active:
                # Another account may be a real one where this was practice.
                reasons[letter] = self.env._(
                    "Account %(account)s, which letter %(name)s left through, is"
                    " archived: send the document anew from the document itself.",
                    account=letter.account_id.name,
                    name=letter.name,
                )
        return reasons

    def _make_successors(self, user):
        """A new letter for each of these, with the same documents and options, to the
        address that the addressee has now; it names the former one as its origin.

        The caller has locked ``self``, found no obstacle, and writes on ``self`` in the
        same transaction, so that two people at once do not make two.

        :return: the new letters in the order of ``self``, as superuser
        """
        letters = self.sudo()
        successors = (
            letters.with_user(user)
            .sudo()
            .with_context(tracking_disable=True)
            .create([letter._prepare_successor_vals(user) for letter in letters])
        )
        successors._own_enclosures()
        successors._snapshot_addresses()
        successors._log_to_documents(
            {
                successor: successor._author_env()._(
                    "A new letter replaces %(reference)s; it leaves with the next run.",
                    reference=former.provider_reference or former.name,
                )
                for former, successor in zip(letters, successors, strict=True)
                if successor.state != "rejected"
            },
            own={},
        )
        successors.account_id._trigger_send()
        return successors

    def _prepare_successor_vals(self, user):
        self.ensure_one()
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": user.id,
            "origin_id": self.id,
            **{name: _plain(self[name]) for name in OPTION_FIELDS},
            "document_ids": [
                fields.Command.create(
                    {
                        name: _plain(line[name])
                        for name in (
                            "sequence",
                            "name",
                            "kind",
                            "res_model",
                            "res_id",
                            "attachment_id",
                            "report_id",
                        )
                    }
                )
                # Its documents are this one letter's now, and so is what lay with them.
                for line in self.document_ids._once_for_each_record()
            ],
        }

    def _own_enclosures(self):
        """A file that lives with the former letter would go with it: each letter has
        its own."""
        for line in self.document_ids:
            if line.attachment_id.res_model == line._name:
                line.attachment_id = line.attachment_id.copy({"res_id": line.id})


def _plain(value):
    return value.id if isinstance(value, models.Model) else value
