"""What La Poste knows of each number, in the shapes of its documentation."""

from __future__ import annotations

import re
import threading

HOLDERS = {"lettre": 1, "international": 2, "chronopost": 3, "colissimo": 4}
# What the five steps of a timeline say; ``type`` is 1 ok, 0 hazard, -1 failed.
STEPS = ("Pris en charge", "En cours", "Sur le site", "En distribution", "Distribué")
FINAL = ("DI0", "DI1", "DI2")
_NUMBER = re.compile(r"[0-9A-Z]{11,15}")


class Shipments:
    def __init__(self):
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._known: dict[str, dict] = {}
            self._codes: dict[str, int] = {}

    def put(self, number: str, events: list[dict], **members) -> None:
        """:param events: code, label, date (text as it is sent) and maybe more
        :param members: of the shipment, in place of what follows from the events
        """
        with self._lock:
            self._known[number] = {"events": events, "members": members}

    def fail(self, number: str, code: int) -> None:
        """This number's own returnCode from now on."""
        with self._lock:
            self._codes[number] = code

    @staticmethod
    def is_well_formed(number: str) -> bool:
        return bool(_NUMBER.fullmatch(number))

    def told(self, number: str) -> dict:
        """The object about one number, with its own ``returnCode``."""
        with self._lock:
            code, known = self._codes.get(number), self._known.get(number)
        head = {"lang": "fr_FR", "scope": "open"}
        if code is None and known is not None:
            return {
                **head,
                "returnCode": 200,
                "shipment": _shipment(number, known["events"], known["members"]),
            }
        words = "Nous ne trouvons pas d'information pour ce numéro de suivi."
        if code is not None:
            words = f"Erreur {code}"
        return {
            **head,
            "returnCode": code or 404,
            "returnMessage": words,
            "idShip": number,
        }


def _shipment(number: str, events: list[dict], members: dict) -> dict:
    codes = [event.get("code") for event in events if isinstance(event, dict)]
    dates = [event.get("date") for event in events if isinstance(event, dict)]
    return {
        "idShip": number,
        "holder": HOLDERS["lettre"],
        "product": "Lettre recommandée",
        "isFinal": any(code in FINAL for code in codes),
        "entryDate": min(filter(None, map(str, dates)), default=None),
        "url": f"https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
        "timeline": [_step(rank, label, codes) for rank, label in enumerate(STEPS, 1)],
        # The newest comes first, and has the highest order.
        "event": [
            {"order": len(events) - rank, **event} if isinstance(event, dict) else event
            for rank, event in enumerate(reversed(events))
        ],
        "contextData": {"originCountry": "FR", "arrivalCountry": "FR"},
        **members,
    }


def _step(rank: int, label: str, codes: list) -> dict:
    is_done = rank <= max(1, min(len(codes), len(STEPS)))
    return {
        "id": rank,
        "shortLabel": label,
        "longLabel": f"{label}.",
        "date": None,
        "country": "",
        "status": is_done,
        "type": -1 if "ND1" in codes and rank == len(STEPS) else 1,
    }
