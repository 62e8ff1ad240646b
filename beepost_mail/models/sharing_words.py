"""What is said alike wherever somebody may put letters into one envelope."""

from ..letter.sharing import sheets_that_may_come


def maybe_sheets(env, before, after):
    """The address sheets that are in no figure.

    :param before: list of ``letter.sharing.Measured``: each letter apart
    :param after: the same together
    :return: sentences, one at most
    """
    former, most = sheets_that_may_come(before), sheets_that_may_come(after)
    if not (former or most):
        return []
    return [
        env._(
            "Address sheets, where they turn out to be needed: at most %(most)s instead"
            " of %(former)s.",
            most=most,
            former=former,
        )
    ]
