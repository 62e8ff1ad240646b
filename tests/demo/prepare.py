"""Opens the demo's accounts at the reference service, tells Odoo where it answers
today, tests each connection, posts the letters to begin with, and prints the logins.

``prepare.py --url=URL --database=NAME --service=URL``, at each start of the demo.
"""

from __future__ import annotations

import argparse
import sys

from cases import house
from client import CallFailed, Odoo, Service
from show import show


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--url", "--database", "--service"):
        parser.add_argument(name, required=True)
    return parser.parse_args()


def connect(told: argparse.Namespace) -> Service:
    """The service with its accounts open, and Odoo connected to each."""
    service = Service(told.service)
    for company in house.COMPANIES.values():
        service.add_account(company.identifier, company.password)
    admin = sign_in(told, house.ADMIN)
    for account in admin.read_all("beepost.account", ["url"]):
        # A changed address costs the account its token: not written without need.
        if account["url"] != told.service:
            admin.call(
                "beepost.account", "write", [account["id"]], vals={"url": told.service}
            )
        admin.call("beepost.account", "action_test_connection", [account["id"]])
    return service


def sign_in(told: argparse.Namespace, user: house.User) -> Odoo:
    return Odoo.with_new_key(told.url, told.database, user.login, user.login)


def main() -> int:
    told = arguments()
    try:
        show(told, connect(told), sign_in)
    except CallFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for user in house.USERS:
        sys.stdout.write(f"{user.name}: {user.login} / {user.login}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
