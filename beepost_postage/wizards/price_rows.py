"""A price and its advice, as the dialogs that show them want them."""

from ..models import price_html


def shown(env, estimate):
    """
    :param estimate: as ``beepost.estimate._get_estimate`` makes it
    :return: (quote for programs, HTML for people, advice); False each without a price
    """
    price = estimate.get("price")
    if not price:
        return False, False, ()
    return price["quote"], price_html.of_estimate(env, price), price["advice"]


def advice_rows(dialog, advice, values_of):
    """Rows for the widget: what to say, and the fields that a click sets.

    :param values_of: {name of an option: plain value} of one piece of advice →
        {name of the dialog's field: plain value}
    """
    return [
        {
            "sentence": row["sentence"],
            "label": dialog.env._("Apply"),
            "values": {
                name: _client_value(dialog, name, value)
                for name, value in values_of(row["options"]).items()
            },
        }
        for row in advice
    ] or False


def _client_value(dialog, name, value):
    """As the web client keeps a field's value in a record."""
    field = dialog._fields[name]
    if field.type != "many2one":
        return value
    record = dialog.env[field.comodel_name].browse(value)
    return {"id": record.id, "display_name": record.display_name}
