"""``python -m bench.prices DATABASE SIZE...``: quotes in one batch.

For each SIZE, so many letters of all kinds (four services, twelve places, one to forty
sheets, in colour or not) are priced at once by the shipped contract, whose steps count
from the public ones. Prints a JSON list.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from itertools import cycle, islice, product

from bench import house
from bench.meter import Meter

DEPOSIT = date(2026, 11, 26)
SERVICES = ("letter", "tracked", "registered", "registered_ar")
PLACES = (
    *(("FR", "75008"), ("FR", "20000"), ("FR", "97400"), ("RE", "97400")),
    *(("NC", "98800"), ("MC", "98000"), ("AD", "AD500"), ("FR", "00200")),
    *(("DE", "10115"), ("US", "97401"), ("GB", "SW1A 1AA"), ("FR", "69001")),
)


def main(database: str, sizes: list[int]) -> None:
    figures = []
    with house.environment(database) as env:
        tariff = env.ref("beepost_postage.tariff_beepost")
        for size in sizes:
            figures.append(_quote(env, tariff, size))
    sys.stdout.write(json.dumps(figures) + "\n")


def _quote(env, tariff, size: int) -> dict:
    wanted = [(tariff, parcel) for parcel in islice(_parcels(env), size)]
    env.invalidate_all()  # nothing of the tariff is in memory
    meter = Meter()
    quotes = env["beepost.postage"]._quotes(wanted)
    meter.end()
    refused = [quote for quote in quotes if not hasattr(quote, "charges")]
    if refused or len(quotes) != size:
        raise SystemExit(f"{len(quotes)} quotes, {len(refused)} without a price")
    cost = meter.per_letter(1)
    return {"quotes": size, "queries": cost["queries"], "ms": cost["ms"]}


def _parcels(env):
    services = [env.ref(f"beepost_mail.service_{name}") for name in SERVICES]
    envelope = env["beepost.profile.envelope"]
    made = [
        env["beepost.postage"]._parcel(
            *(service, where, DEPOSIT, envelope),
            pages=2 * sheets,
            sheets=sheets,
            weight_mg=4_990 * sheets + 7_700,
            color=bool(sheets % 2),
        )
        for service, where, sheets in product(services, PLACES, range(1, 41))
    ]
    return cycle(made)


if __name__ == "__main__":
    main(sys.argv[1], [int(size) for size in sys.argv[2:]])
