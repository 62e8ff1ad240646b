from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .beepost_mailing_retention import PERSONAL

SLICE = 100  # letters a transaction


class BeepostRetention(models.AbstractModel):
    """Ends what is kept of letters when its time has come, and says so.

    Every day, account by account, and in it company by company: a branch's letters go
    through the account of the company above it, and end by the branch's own terms. In
    slices that are committed one by one: killed in between, what was removed is
    removed and told, and the rest follows the next time. The message on the account's
    page is written in the transaction of the slice that it tells of.
    """

    _name = "beepost.retention"
    _description = "Removal of What is Kept of Letters"

    @api.model
    def _cron_run(self):
        accounts = self.env["beepost.account"].with_context(active_test=False)
        for account in accounts.search([("id", "!=", False)], order="id"):
            for company in self._companies_of(account):
                if not (
                    self._remove_images(account, company)
                    and self._erase_letters(account, company)
                    and self._erase_strays(account, company)
                ):
                    # Odoo calls again at once, with a new clock.
                    self.env["beepost.outbox"]._commit(remaining=1)
                    return

    @api.model
    def _companies_of(self, account):
        """Its own, and those whose letters went through it."""
        groups = self.env["beepost.mailing"]._read_group(
            [("account_id", "=", account.id)], ["company_id"]
        )
        return account.company_id.union(*(company for (company,) in groups))

    # ------------------------------------------------------------------
    # What ends, each until there is no more or no more time
    # ------------------------------------------------------------------

    def _remove_images(self, account, company):
        """:return: whether the scheduled action has time left"""
        months = company.beepost_image_months
        moment = fields.Datetime.now() - relativedelta(months=months)
        Mailing = self.env["beepost.mailing"]
        return self._in_slices(
            account,
            company,
            Mailing,
            fields.Domain("company_id", "=", company.id)
            & Mailing._over_domain(moment)
            & Mailing._image_domain(),
            lambda letters: letters._remove_image(months),
            lambda env, count: env._(
                "Images of letters removed: %(count)s. They were accepted before"
                " %(date)s, and are kept for %(months)s months as set. SHA-256, pages"
                " and references stay, and so do proofs, evidence files that somebody"
                " made and invoices' own PDFs.",
                count=count,
                date=format_date(env, moment),
                months=months,
            ),
        )

    def _erase_letters(self, account, company):
        years, moment = self._end_of_evidence(company)
        Mailing = self.env["beepost.mailing"]
        return self._in_slices(
            account,
            company,
            Mailing,
            fields.Domain("company_id", "=", company.id)
            & Mailing._over_domain(moment)
            & fields.Domain("erased_on", "=", False),
            lambda letters: letters._erase_personal_data(),
            lambda env, count: env._(
                "Letters of which addresses, proofs and raw statuses were erased:"
                " %(count)s. They were accepted before %(date)s, and are kept for"
                " %(years)s years as set. Dates, status, references and hashes stay.",
                count=count,
                date=format_date(env, moment),
                years=years,
            ),
        )

    def _erase_strays(self, account, company):
        """Events by their own age: those of no letter that is known here, and those
        that came after their letter was erased."""
        years, moment = self._end_of_evidence(company)
        Event, names = self.env["beepost.event"], PERSONAL["beepost.event"]
        return self._in_slices(
            account,
            company,
            Event,
            fields.Domain("received_at", "<", moment)
            & fields.Domain.OR(fields.Domain(name, "!=", False) for name in names)
            & (
                fields.Domain("mailing_id", "=", False)
                & fields.Domain("company_id", "=", company.id)
                | fields.Domain("mailing_id.erased_on", "!=", False)
                # An event has the account's company.
                & fields.Domain("mailing_id.company_id", "=", company.id)
            ),
            lambda events: events._erase_personal_data(names),
            lambda env, count: env._(
                "Raw statuses erased that belong to no letter kept here: %(count)s."
                " They came before %(date)s, and are kept for %(years)s years as set.",
                count=count,
                date=format_date(env, moment),
                years=years,
            ),
        )

    @api.model
    def _end_of_evidence(self, company):
        years = company.beepost_evidence_years
        return years, fields.Datetime.now() - relativedelta(years=years)

    # ------------------------------------------------------------------
    # Slices
    # ------------------------------------------------------------------

    def _in_slices(self, account, company, model, domain, end, words):
        """Calls ``end`` on all of ``model`` in ``domain``, in committed slices.

        :param company: named where it is another than the account's
        :param words: (env in the company's language, count) → what to say of it
        :return: whether the scheduled action has time left
        """
        outbox = self.env["beepost.outbox"]
        if company != account.company_id:
            words = self._naming(company, words)
        domain &= fields.Domain("account_id", "=", account.id)
        last, count, message = 0, 0, self.env["mail.message"]
        while True:
            found = model.search(
                domain & fields.Domain("id", ">", last), order="id", limit=SLICE
            )
            if not found:
                return outbox._commit(remaining=0)
            last = found[-1].id
            done, message = outbox._retrying(
                account,
                lambda found=found, count=count, message=message: self._end_slice(
                    account, found, end, words, count, message
                ),
            )
            count += done
            more = len(found) == SLICE
            if not outbox._commit(done, remaining=int(more)):
                return False
            if not more:
                return True

    def _naming(self, company, words):
        def named(env, count):
            return env._(
                "Company %(company)s: %(message)s",
                company=company.name,
                message=words(env, count),
            )

        return named

    def _end_slice(self, account, found, end, words, count, message):
        """:return: (how many, the message that tells of all so far)"""
        # One that somebody is at work with is for the next run.
        mine = found.try_lock_for_update()
        if not mine:
            return 0, message
        end(mine)
        speaking = account.with_context(lang=account.company_id.partner_id.lang)
        body = words(speaking.env, count + len(mine))
        if message:
            message.body = body
        else:
            message = speaking._message_log(body=body)
        return len(mine), message
