"""An account at the provider, and a provider that answers its buttons."""

from .common import BeepostCommon, ScriptedGateway

URL = "https://api.bee.example.com"


class AccountGateway(ScriptedGateway):
    """Answers what the buttons ask; ``error`` instead when given."""

    def __init__(self, error=None):
        super().__init__(max_pages=12)
        self.error = error
        self.heard = []

    def _hear(self, *what):
        if self.error:
            raise self.error
        self.heard.append(what)

    def ping(self):
        self._hear("ping")
        return "BeePOST 7"

    def forgotten_password(self, email):
        self._hear("forgotten_password", email)
        return "ok"

    def request_account(self, values):
        self._hear("request_account", values)
        return "Demande transmise au responsable Centre de Gestion."


class AccountCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user)
        cls.live = cls.env["beepost.account"].create(
            {
                "name": "Live",
                "company_id": cls.company.id,
                "gateway": "http",
                "url": URL,
                "identifier": "compta@example.com",
                "password": "first",
            }
        )

    def _token(self, account):
        return account._get_token()

    def _give_token(self, account):
        self.env["beepost.token"].sudo().create(
            {"account_id": account.id, "token": "T"}
        )
        self.assertEqual(self._token(account), "T")
