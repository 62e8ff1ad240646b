"""What belongs to a whole document and must survive joining it to another.

pypdf's ``append`` brings pages only. Embedded files (the Factur-X XML), the metadata
that describes them and the layers that decide what shows are carried over here.
"""

from __future__ import annotations

from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    TextStringObject,
    create_string_object,
)

_MAX_DEPTH = 50


def carry(writer: PdfWriter, reader: PdfReader, first_page: int, order: int) -> None:
    """Adds what ``reader``'s catalog says to ``writer``, which has its pages already.

    :param first_page: index of its first page in ``writer``
    :param order: its place among the documents, from 1; tells apart embedded files
        that have the same name in several documents
    """
    root, target = reader.root_object, writer.root_object
    _carry_files(writer, target, root, order)
    _carry_layers(writer, target, root)
    if "/Metadata" in root:
        # A catalog has one metadata stream; any page may have its own as well.
        page = writer.pages[first_page]
        if "/Metadata" not in page:
            metadata = root.raw_get("/Metadata").clone(writer)
            page[NameObject("/Metadata")] = metadata.indirect_reference


def drop_scripts(writer: PdfWriter) -> None:
    """Removes what a viewer would run on opening."""
    root = writer.root_object
    names = _dict(root.get("/Names"))
    for holder, key in ((root, "/AA"), (names, "/JavaScript")):
        if key in holder:
            del holder[key]
    if _dict(root.get("/OpenAction")).get("/S") == "/JavaScript":
        del root["/OpenAction"]


def _carry_files(writer, target, root, order: int) -> None:
    added = list(_names(_dict(root.get("/Names")).get("/EmbeddedFiles")))
    if added:
        names = _make_dict(target, "/Names")
        tree = dict(_names(names.get("/EmbeddedFiles")))
        for key, value in added:
            unique = key if key not in tree else f"{order}-{key}"
            tree[unique] = value.clone(writer).indirect_reference or value.clone(writer)
        flat = ArrayObject()
        for key in sorted(tree):
            flat.extend((create_string_object(key), tree[key]))
        names[NameObject("/EmbeddedFiles")] = DictionaryObject(
            {NameObject("/Names"): flat}
        )
    associated = _array(root.get("/AF"))
    if associated:
        _make_array(target, "/AF").extend(_cloned(writer, associated))


def _carry_layers(writer, target, root) -> None:
    layers = _dict(root.get("/OCProperties"))
    groups = _array(layers.get("/OCGs"))
    if not groups:
        return
    ours = _make_dict(target, "/OCProperties")
    _make_array(ours, "/OCGs").extend(_cloned(writer, groups))
    config, theirs = _make_dict(ours, "/D"), _dict(layers.get("/D"))
    off, on = _array(theirs.get("/OFF")), _array(theirs.get("/ON"))
    if theirs.get("/BaseState") == "/OFF":
        shown, hidden = on, ArrayObject(g for g in groups if g not in on)
    else:
        shown, hidden = ArrayObject(g for g in groups if g not in off), off
    _make_array(config, "/ON").extend(_cloned(writer, shown))
    _make_array(config, "/OFF").extend(_cloned(writer, hidden))
    if "/AS" in theirs:
        _make_array(config, "/AS").extend(_cloned(writer, _array(theirs["/AS"])))


def _names(node, depth: int = 0) -> Iterator[tuple[str, PdfObject]]:
    """Keys and values of a name tree, in order."""
    node = _dict(node)
    pairs = _array(node.get("/Names"))
    for at in range(0, len(pairs) - 1, 2):
        key = pairs[at].get_object()
        if isinstance(key, TextStringObject):
            yield str(key), pairs[at + 1]
        else:
            yield bytes(key).decode("latin-1"), pairs[at + 1]
    if depth < _MAX_DEPTH:
        for kid in _array(node.get("/Kids")):
            yield from _names(kid, depth + 1)


def _cloned(writer: PdfWriter, items: ArrayObject) -> Iterator[PdfObject]:
    for item in items:
        copy = item.clone(writer)
        yield copy.indirect_reference or copy


def _make_dict(holder: DictionaryObject, key: str) -> DictionaryObject:
    if not isinstance(holder.get(key), DictionaryObject):
        holder[NameObject(key)] = DictionaryObject()
    return holder[key]


def _make_array(holder: DictionaryObject, key: str) -> ArrayObject:
    if not isinstance(holder.get(key), ArrayObject):
        holder[NameObject(key)] = ArrayObject()
    return holder[key]


def _dict(obj) -> DictionaryObject:
    found = obj.get_object() if obj is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(obj) -> ArrayObject:
    found = obj.get_object() if obj is not None else None
    return found if isinstance(found, ArrayObject) else ArrayObject()
