"""Every demo invoice, with what must become of it, written down by hand.

Pure data without Odoo: ``fill.py`` makes the invoices from it, ``check.py`` compares
what happened with it. The reasons (``why``) are French, since they are shown in the
demo company.
"""

from .abroad import ABROAD
from .france import FRANCE
from .journeys import JOURNEYS
from .overseas import OVERSEAS
from .professionals import PROFESSIONALS
from .refused import REFUSED
from .second import SECOND
from .shape import MAIN, OTHER, POSTED, Accepted, Addressee, Case, Ending, Held, Refused
from .sizes import SIZES
from .unpriced import UNPRICED

CASES = (
    *PROFESSIONALS,
    *FRANCE,
    *OVERSEAS,
    *ABROAD,
    *SIZES,
    *REFUSED,
    *UNPRICED,
    *JOURNEYS,
    *SECOND,
)
