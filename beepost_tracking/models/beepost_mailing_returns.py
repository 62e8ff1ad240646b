from datetime import timezone

from odoo import api, fields, models

from odoo.addons.beepost_mail.letter.calendar import paris_day

from ..journey.codes import ADDRESS_REASONS, FAILED

CAME_BACK = "beepost_tracking.activity_came_back"
CONTRADICTED = "beepost_tracking.activity_contradicted"


class BeepostMailing(models.Model):
    """A letter that came back: printed and billed, and to be treated by a person.

    Not to be taken for a letter that was refused before printing (``rejected``), which
    is sent again in place: this one stays as it is, and a new one replaces it.
    """

    _inherit = "beepost.mailing"

    came_back_on = fields.Date(
        compute="_compute_return_state",
        store=True,
        help="The day on which the letter was found undeliverable, in Paris.",
    )
    return_given_up = fields.Boolean(readonly=True, copy=False)
    return_state = fields.Selection(
        [
            ("open", "To treat"),
            ("posted_again", "Posted again"),
            ("given_up", "Given up"),
        ],
        string="Return",
        compute="_compute_return_state",
        store=True,
        index="btree_not_null",
        help="What was done about a letter that came back; empty for all others.",
    )

    @api.depends(
        "status",
        "state",
        "undeliverable_at",
        "returned_at",
        "stage_since",
        "return_given_up",
        "replaced_by_ids.state",
    )
    def _compute_return_state(self):
        for letter in self:
            came_back = letter.state == "accepted" and letter.status in FAILED
            letter.came_back_on = came_back and letter._get_came_back_on()
            if not came_back:
                letter.return_state = False
            elif letter._successors():
                letter.return_state = "posted_again"
            else:
                letter.return_state = "given_up" if letter.return_given_up else "open"

    def _get_came_back_on(self):
        found_out = self.undeliverable_at or self.returned_at or self.stage_since
        return paris_day(found_out.replace(tzinfo=timezone.utc))

    def _is_address_to_blame(self):
        self.ensure_one()
        return self.return_reason in ADDRESS_REASONS

    # ------------------------------------------------------------------
    # What follows from it
    # ------------------------------------------------------------------

    def _standing(self):
        return {**super()._standing(), "contradicted": self.contradicted}

    def _after_news(self, before):
        result = super()._after_news(before)
        Partner = self.env["res.partner"]
        failed = self.filtered(lambda m: m.status in FAILED)
        fresh = failed.filtered(lambda m: before[m]["status"] not in FAILED)
        Partner._beepost_note_returns(fresh)
        fresh._schedule_came_back()
        (failed - fresh).filtered(
            lambda m: before[m]["reason"] != m.return_reason
        )._tell_better_reason()
        Partner._beepost_note_deliveries(
            self.filtered(lambda m: m.status == "delivered" != before[m]["status"])
        )
        self.filtered(
            lambda m: m.contradicted and not before[m]["contradicted"]
        )._schedule_contradicted()
        return result

    def _tell_better_reason(self):
        """That a letter came back is known already; now it is known why."""
        for letter in self:
            partner = letter.partner_id
            if partner.beepost_returned_mailing_id == letter:
                partner.beepost_return_reason = letter.return_reason
            for activity in letter._activities_of(CAME_BACK):
                env = self.with_context(lang=activity.user_id.lang).env
                summary, note = letter._came_back_words(env)
                activity.write({"summary": summary, "note": note})

    def _activities_of(self, activity_type):
        return self.env["mail.activity"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(activity_type).id),
            ],
            ["res_id", "user_id"],
        )

    def _schedule_came_back(self):
        """Somebody must decide: once for each letter, in that person's language."""
        todo = self.filtered(lambda m: m.return_state == "open")
        people = {letter: letter._person_responsible() for letter in todo}
        self._schedule(
            CAME_BACK,
            {
                letter: (user, letter._came_back_words)
                for letter, user in people.items()
                if user
            },
        )

    def _close_came_back(self):
        self.activity_unlink([CAME_BACK])

    def _schedule_contradicted(self):
        managers = self._managers()
        self._schedule(
            CONTRADICTED,
            {
                letter: (managers[letter.company_id][:1], letter._contradicted_words)
                for letter in self
                if managers[letter.company_id]
            },
        )

    def _schedule(self, activity_type, whom):
        """One activity for each letter that has none of this type, all at once: a
        hundred letters that come back are one mail bag, not a hundred e-mails.

        :param whom: {letter: (user, function of an env → (summary, note))}
        """
        if not whom:
            return
        letters = self.browse([letter.id for letter in whom])
        kind = self.env.ref(activity_type)
        having = set(letters._activities_of(activity_type).mapped("res_id"))
        model_id = self.env["ir.model"]._get_id(self._name)
        vals_list = []
        for letter, (user, words) in whom.items():
            if letter.id in having:
                continue
            summary, note = words(self.with_context(lang=user.lang).env)
            vals_list.append(
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": letter.id,
                    "user_id": user.id,
                    "summary": summary,
                    "note": note,
                    "date_deadline": fields.Date.context_today(self),
                    "automated": True,
                }
            )
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            vals_list
        )

    def _came_back_words(self, env):
        letter = self.with_env(env)
        summary = env._(
            "Letter %(name)s came back: %(reason)s",
            name=letter.name,
            reason=letter._reason_label(),
        )
        if letter._is_address_to_blame():
            note = env._(
                "Find the right address, then press “Correct and post again” on the"
                " letter; or give it up."
            )
        elif letter.return_reason in ("unclaimed", "refused", "damaged"):
            note = env._(
                "The address may be right: reach the addressee another way, press “Post"
                " again” on the letter, or give it up."
            )
        elif letter.return_reason == "deceased":
            note = env._(
                "Find out who takes care of the estate, then correct the addressee and"
                " post again; or give it up."
            )
        else:
            note = env._(
                "Check the address, then press “Correct and post again” or “Post again”"
                " on the letter; or give it up."
            )
        return summary, note

    def _contradicted_words(self, env):
        return (
            env._("Contradictory statuses of letter %(name)s", name=self.name),
            env._(
                "What was told of this letter cannot all be true. Look at its events,"
                " and ask BeePOST which of them holds."
            ),
        )

    def _person_responsible(self):
        """Who sent the letter; else a post manager of its company."""
        self.ensure_one()
        author = self.user_id
        # OdooBot is nobody's colleague: what it sent is the managers'.
        if (
            author.active
            and not author.share
            and author != self.env.ref("base.user_root")
        ):
            return author
        return self._managers()[self.company_id][:1]

    def _managers(self):
        """:return: {company: its post managers, those who only manage first}"""
        group = self.env.ref("beepost_mail.group_manager").sudo()
        people = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and user._is_internal()
        )
        people -= self.env.ref("base.user_root")
        return {
            company: people.filtered(
                lambda user, company=company: company in user.company_ids
            ).sorted(lambda user: (user.has_group("beepost_mail.group_admin"), user.id))
            for company in self.company_id
        }

    def _delivered_to_same(self):
        """Letters that arrived at the lines of ``self``, at the same addressees.

        :return: {partner: letters}
        """
        if not self:
            return {}
        found = self.search_fetch(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("recipient", "in", list(set(self.mapped("recipient")))),
                ("status", "=", "delivered"),
            ],
            ["partner_id", "recipient", "accepted_at", "is_practice"],
        )
        lines = {(letter.partner_id, letter.recipient) for letter in self}
        return found.filtered(lambda m: (m.partner_id, m.recipient) in lines).grouped(
            "partner_id"
        )
