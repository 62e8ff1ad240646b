"""What is said of a proof: names of the kinds that we know, and of what can go wrong.

A provider may issue kinds of paper that we have not heard of: these go by its own name.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

KIND = {
    "deposit": _lt("Proof of deposit"),
    "content": _lt("Proof of content"),
    "delivery": _lt("Proof of delivery"),
    "ar_scan": _lt("Acknowledgement of receipt"),
    "return_scan": _lt("Scan of the returned letter"),
}

# Each says what happened and what comes next. ``%(words)s`` are the provider's own.
PROBLEM = {
    "not_there": _lt(
        "BeePOST announced this paper but does not list it yet. It is asked for again."
    ),
    "unavailable": _lt(
        "BeePOST could not be reached. Nothing is lost: it is asked for again."
    ),
    "credentials": _lt(
        "BeePOST refused the identifier or the password of the account. An"
        " administrator corrects them; the paper is then asked for again."
    ),
    "refused": _lt("BeePOST refused to give this paper: %(words)s"),
    "bad_answer": _lt(
        "BeePOST's answer made no sense: %(words)s. If it lasts, ask BeePOST for this"
        " paper."
    ),
    "clash": _lt(
        "BeePOST gives this paper the number of another letter's paper. Ask BeePOST for"
        " it."
    ),
    "wrong_hash": _lt(
        "The file that came is not the announced one: its SHA-256 differs. It was not"
        " kept."
    ),
    "not_paper": _lt(
        "The file that came is neither a PDF nor an image. It was not kept; ask BeePOST"
        " for this paper."
    ),
    "damaged": _lt(
        "The file that came is damaged and cannot be opened. It was not kept; ask"
        " BeePOST for this paper."
    ),
    "too_large": _lt("The file is larger than %(words)s and was not fetched."),
    "unexpected": _lt(
        "Something unexpected happened while this paper was fetched; the server's log"
        " says what. It is asked for again."
    ),
    # These were kept.
    "encrypted": _lt(
        "Kept as it came. It is locked by a password: only its owner can open it."
    ),
    "too_many_pages": _lt("Kept as it came. It has too many pages to be shown here."),
    "too_heavy": _lt("Kept as it came. It is too heavy to be shown here."),
}


def kind_label(env, kind):
    """
    :param kind: the provider's code; unknown ones are shown as they are
    """
    if kind in KIND:
        return env._(KIND[kind])
    return kind or env._("Paper of unknown kind")


def problem_sentence(env, code, words=""):
    """:param code: a key of ``PROBLEM``, or empty"""
    if not code:
        return ""
    text = env._(PROBLEM[code])
    return text % {"words": words or ""}
