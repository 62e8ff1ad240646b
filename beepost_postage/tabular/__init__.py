"""Tables that people bring from elsewhere, CSV or XLSX: pure Python, no Odoo.

What comes out is text, cell by cell, as exact as the file has it: no float is ever
made of a number. Whatever is wrong is a ``Finding`` that names row and column.
"""
