from odoo import fields, models

CAME_BACK = "beepost_tracking.activity_came_back"
CONTRADICTED = "beepost_tracking.activity_contradicted"


class BeepostMailing(models.Model):
    """Who has to do something about a letter that came back, or of which statuses
    contradict each other."""

    _inherit = "beepost.mailing"

    def _schedule_came_back(self):
        """Somebody must decide: once for each letter, in that person's language."""
        todo = self.filtered(lambda m: m.return_state == "open")
        self._schedule(
            CAME_BACK,
            {
                letter: (user, letter._came_back_words)
                for letter, user in todo._people_responsible().items()
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

    def _people_responsible(self):
        """:return: {letter: who sent it, else a post manager of its company}"""
        # OdooBot is nobody's colleague: what it sent is the managers'.
        nobody = self.env.ref("base.user_root")
        authors = self.user_id.filtered(lambda user: user.active and not user.share)
        authors -= nobody
        managers = self._managers()
        return {
            letter: letter.user_id & authors or managers[letter.company_id][:1]
            for letter in self
        }

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

    def _activities_of(self, activity_type):
        return self.env["mail.activity"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self.env.ref(activity_type).id),
            ],
            ["res_id", "user_id"],
        )

    def _reword_came_back(self):
        letters = {letter.id: letter for letter in self}
        for activity in self._activities_of(CAME_BACK):
            env = self.with_context(lang=activity.user_id.lang).env
            summary, note = letters[activity.res_id]._came_back_words(env)
            activity.write({"summary": summary, "note": note})
