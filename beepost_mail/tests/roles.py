"""People with every role in two companies, and letters that not all may read."""

from contextlib import ExitStack, contextmanager

from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from ..gateway import port
from .common import BeepostCommon, ScriptedGateway, receipt

SECRET = "hidden-password-4711"
TOKEN = "hidden-token-4712"
INCARNATION = "hidden-life-4713"
SECRETS = (SECRET, TOKEN, INCARNATION)
REASON = "Motif confidentiel 4714"
STREET = "99 rue de la Confidence"

OUR_MODELS = (
    "beepost.account",
    "beepost.lot",
    "beepost.mailing",
    "beepost.mailing.document",
    "beepost.profile",
    "beepost.profile.envelope",
    "beepost.sandbox.entry",
    "beepost.sandbox.letter",
    "beepost.service",
    "beepost.token",
)
# What users write themselves: ``test_free_letter_rights`` says who may change which.
WRITTEN = (
    "beepost.free.letter",
    "beepost.free.letter.addressee",
    "beepost.letter.template",
)
AROUND = ("ir.attachment", "mail.activity", "mail.message", "mail.tracking.value")


class SecurityCase(BeepostCommon):
    """``letter`` was refused for ``REASON``; ``sent`` is accepted; both go to
    ``STREET`` and were sent by the accountant of the first company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user("administrator", "beepost_mail.group_admin")
        cls.employee = cls._create_user("employee", "base.group_user")
        cls.portal = new_test_user(cls.env, "beepost_portal", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer
        cls._create_second_company()
        cls.customer.street = STREET
        cls.account.sudo().write({"secret": SECRET, "incarnation": INCARNATION})
        cls.env["beepost.token"].sudo().create(
            {"account_id": cls.account.id, "token": TOKEN}
        )
        cls._create_letters()

    @classmethod
    def _create_second_company(cls):
        cls.company_b = cls.setup_other_company(
            name="Autre société", country_id=cls.env.ref("base.fr").id
        )["company"]
        cls.company_b.partner_id.write(
            {"street": "1 place Bellecour", "zip": "69002", "city": "Lyon"}
        )
        cls.account_b = cls.env["beepost.account"].create(
            {"name": "Practice B", "company_id": cls.company_b.id}
        )
        cls.accountant_b, cls.manager_b, cls.admin_b = (
            cls._create_user(f"{name}_b", group, cls.company_b)
            for name, group in (
                ("accountant", "account.group_account_invoice"),
                ("manager", "beepost_mail.group_manager"),
                ("administrator", "beepost_mail.group_admin"),
            )
        )

    @classmethod
    def _create_letters(cls):
        cls.move = cls._create_invoice()
        cls.sent = cls._post(cls._create_invoice(), user=cls.accountant)
        cls._run_with(ScriptedGateway())
        cls.letter = cls._post(cls.move, user=cls.accountant)
        reason = port.Reason("recipient.refused", REASON, "recipient[1]")
        cls._run_with(
            ScriptedGateway([lambda sent: tuple(receipt(m, reason) for m in sent)])
        )
        assert (cls.sent.state, cls.letter.state) == ("accepted", "rejected")

    @classmethod
    def _run_with(cls, gateway, account=None):
        """``_run_outbox`` for the whole class."""
        cls.env.flush_all()
        account = account or cls.account
        with ExitStack() as stack:
            stack.enter_context(cls._gateway(gateway))
            if not cls._registry_patched:
                for patch in cls._registry_test_mode_patches(
                    cr=cls.cr, registry=cls.registry
                ):
                    stack.enter_context(patch)
            account.sudo().cron_id.method_direct_trigger()
        cls.env.invalidate_all()

    # ------------------------------------------------------------------
    # Remote calls
    # ------------------------------------------------------------------

    def _rpc(self, user, model, method, *args, **kwargs):
        return call_kw(self.env[model].with_user(user), method, list(args), kwargs)

    @contextmanager
    def _forbidden(self):
        """Refused with a word for the user (an ``AccessError`` is one as well)."""
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            yield

    def _attempt(self, user, model, method, *args, **kwargs):
        """The answer as text, or the refusal's."""
        try:
            with self.cr.savepoint():
                return repr(self._rpc(user, model, method, *args, **kwargs))
        except (UserError, ValueError, KeyError, TypeError) as error:
            return f"{type(error).__name__}: {error}"

    def _dragnet(self, user, models=OUR_MODELS + WRITTEN + AROUND):
        """Everything that a remote reader gets hold of, as one text."""
        self.env.flush_all()
        self.env.invalidate_all()
        return "\n".join(text for model in models for text in self._catch(user, model))

    def _catch(self, user, model):
        fields = self.env[model]._fields
        hidden = [name for name, field in fields.items() if field.groups == NO_ACCESS]
        shown = list(self._rpc(self.env.user, model, "fields_get"))
        every = self.env[model].sudo().search([], limit=100, order="id desc").ids
        specification = {name: {} for name in shown}
        yield self._attempt(user, model, "search_read", [])
        yield self._attempt(user, model, "name_search", limit=None)
        yield self._attempt(user, model, "web_search_read", [], specification)
        yield self._attempt(user, model, "web_read", every, specification)
        for some in (every, *([one] for one in every[:10])):
            yield self._attempt(user, model, "read", some)
            yield self._attempt(user, model, "export_data", some, shown)
        stored = [n for n in shown if fields[n].store and fields[n].type == "char"]
        for name in (*hidden, *stored):
            yield self._attempt(user, model, "read", every, [name])
            yield self._attempt(user, model, "export_data", every, [name])
            yield self._attempt(
                user, model, "formatted_read_group", [], [name], ["__count"]
            )
            yield self._attempt(
                user, model, "formatted_read_group", [], [], [f"{name}:array_agg"]
            )
