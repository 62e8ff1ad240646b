"""What the demo company posts besides invoices: orders, deliveries, an image and a free
letter that is written and waits to be sent.

As in ``fill.py`` all but the days is fixed, and nothing is rendered.
"""

import base64
import io
from datetime import datetime, time, timedelta

from cases import house
from cases import papers as table
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo import Command, fields

FIRST_DAY = datetime.combine(fields.Date.today() - timedelta(days=14), time(8, 30))
IMAGE_SIZE = (1240, 1754)  # pixels, upright
CREAM, BLUE, GOLD = "#f4ecd8", "#1d3557", "#c9a227"


def fill_papers(env, company, products, partner_of):
    """
    :param company: ``res.company`` that posts all of it
    :param products: ``product.product`` of both companies
    :param partner_of: ``partner_of(addressee)`` → ``res.partner``, made where missing
    """
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    author = env["res.users"].search([("login", "=", house.COMPTABLE.login)])
    products = products.with_env(env)
    warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])
    warehouse.write({"name": table.WAREHOUSE, "code": table.WAREHOUSE_CODE})
    makers = {
        table.SALE: _make_sale,
        table.PURCHASE: _make_purchase,
        table.SLIP: _make_delivery,
        table.IMAGE: _make_image,
    }
    for number, paper in enumerate((*table.SINGLE, *table.HELD)):
        partner = partner_of(paper.to).with_env(env)
        record = makers[paper.kind](paper, partner, products, number)
        record.user_id = author
        record._message_log(body=f"{paper.why} Attendu : acceptée par BeePOST.")
    env["sale.order"].search([("company_id", "=", company.id)]).user_id = author
    _add_terms(env, company)
    _write_free_letter(env, company, author, partner_of)


def _make_order(paper, partner, products, number):
    """A quotation."""
    return partner.env["sale.order"].create(
        {
            "partner_id": partner.id,
            "client_order_ref": paper.key,
            "date_order": _day(number),
            "order_line": [
                Command.create(
                    {
                        "product_id": products[(number + position) % len(products)].id,
                        "product_uom_qty": house.PRODUCTS[position][2],
                    }
                )
                for position in range(3)
            ],
        }
    )


def _make_sale(paper, partner, products, number):
    """A sale order that is confirmed."""
    order = _make_order(paper, partner, products, number)
    order.action_confirm()
    order.date_order = _day(number)  # it was the moment of confirming
    return order


def _make_delivery(paper, partner, products, number):
    """The slip of a delivery that has gone out."""
    picking = _make_sale(paper, partner, products, number).picking_ids
    for move in picking.move_ids:
        move.quantity = move.product_uom_qty
        move.picked = True
    picking.with_context(skip_sms=True).button_validate()
    picking.write({"scheduled_date": _day(number), "date_done": _day(number + 1)})
    picking.move_ids.date = _day(number + 1)
    return picking


def _make_purchase(paper, partner, products, number):
    order = partner.env["purchase.order"].create(
        {
            "partner_id": partner.id,
            "partner_ref": paper.key,
            "date_order": _day(number),
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_qty": quantity * 10,
                        "price_unit": round(price * 0.6, 2),
                        "date_planned": _day(number + 7),
                    }
                )
                for product, (_name, price, quantity) in zip(
                    products[:2], house.PRODUCTS, strict=False
                )
            ],
        }
    )
    order.button_confirm()
    order.date_approve = _day(number)
    return order


def _make_image(paper, partner, products, number):
    """Drawn by a graphic artist, for a quotation that nobody confirmed yet."""
    quotation = _make_order(paper, partner, products, number)
    partner.env["ir.attachment"].create(
        {
            "name": table.IMAGE_NAME.format(key=paper.key),
            "raw": _cover(),
            "res_model": quotation._name,
            "res_id": quotation.id,
        }
    )
    return quotation


def _cover() -> bytes:
    """The draft of a book's cover: a frame, a sun and a river."""
    image = Image.new("RGB", IMAGE_SIZE, CREAM)
    draw = ImageDraw.Draw(image)
    width, height = IMAGE_SIZE
    draw.rectangle((60, 60, width - 60, height - 60), outline=BLUE, width=12)
    draw.ellipse((420, 300, 820, 700), fill=GOLD)
    for line in range(5):
        top = 1000 + 110 * line
        draw.arc((100, top, 680, top + 220), 200, 340, fill=BLUE, width=14)
        draw.arc((560, top, 1140, top + 220), 20, 160, fill=BLUE, width=14)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _add_terms(env, company):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawString(72, 740, table.TERMS)
    canvas.drawString(72, 700, table.TERMS_LINE)
    canvas.save()
    env["beepost.terms"].create(
        {
            "name": table.TERMS,
            "company_id": company.id,
            "file": base64.b64encode(out.getvalue()),
            "file_name": f"{table.TERMS}.pdf",
        }
    )


def _day(number):
    """Working days alone, of which a week has five."""
    return fields.Datetime.add(FIRST_DAY, days=number + 2 * (number // 5))


# ----------------------------------------------------------------------
# The free letter
# ----------------------------------------------------------------------


def _write_free_letter(env, company, author, partner_of):
    """By the accountant, with her own rights: what she may read fills it in."""
    category = env["res.partner.category"].create({"name": table.CATEGORY})
    partners = env["res.partner"]
    for paper in table.LETTERS:
        partner = partner_of(paper.to).with_env(env)
        partner.write({"ref": paper.key, "category_id": [Command.link(category.id)]})
        partners += partner
    letter = (
        env["beepost.free.letter"]
        .with_user(author)
        .with_company(company)
        .create(
            {
                "subject": table.SUBJECT,
                "body": table.BODY,
                "place": company.city,
                "date": fields.Date.today(),
                "domain": str([("category_id", "=", category.id)]),
            }
        )
    )
    letter.with_context(lang="en_US").write(
        {"subject": table.SUBJECT_EN, "body": table.BODY_EN}
    )
    letter.action_add_matching()
    assert letter.addressee_ids.partner_id == partners
