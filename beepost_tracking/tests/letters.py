"""Letters in every stage, as screens want them."""

from datetime import timedelta

from .common import NOON, TrackingCase

MORNING = NOON.replace(tzinfo=None) - timedelta(hours=3)


class BoardCase(TrackingCase):
    """``self._accepted_letter(move, on=moment)`` left at ``moment``."""

    @classmethod
    def _accepted_letter(cls, move=None, on=MORNING, **values):
        letter = cls._post(move or cls._create_invoice(), user=cls.accountant)
        letter.write(
            {
                "state": "accepted",
                "accepted_at": on,
                "provider_reference": f"PR-{letter.id}",
                **values,
            }
        )
        return letter

    @classmethod
    def _many(cls, letter, number):
        """``number`` more letters like this one, each with an invoice of its own."""
        move = letter._documents_of("account.move")
        moves = [move.copy() for _number in range(number)]
        return (
            cls.env["beepost.mailing"]
            .sudo()
            .create(
                [
                    {
                        **{
                            name: letter[name].id
                            for name in (
                                "company_id",
                                "account_id",
                                "partner_id",
                                "user_id",
                                "service_id",
                            )
                        },
                        "name": f"Letter {position}",
                        "state": "accepted",
                        "accepted_at": MORNING,
                        "document_ids": [
                            (
                                0,
                                0,
                                {
                                    "name": f"Document {position}",
                                    "res_model": "account.move",
                                    "res_id": other.id,
                                },
                            )
                        ],
                    }
                    for position, other in enumerate(moves)
                ]
            )
        )
