"""Figures as SVG text that may stand beside others in one HTML page."""

import io
import re
from typing import Any
from xml.etree import ElementTree

from matplotlib.figure import Figure

from analysis.figures.embedding import lean_fonts
from analysis.figures.style import drawing, tame, visible

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
FORMS = ("svg", "pdf", "png")
"""Forms in which figures are saved."""
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def _local(root: ElementTree.Element, prefix: str) -> None:
    """Put `prefix` before every identifier and every reference to one."""
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set(name, f"{prefix}-{value}")
            elif name in ("href", f"{{{_XLINK}}}href") and value.startswith("#"):
                element.set(name, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(name, _REFERENCE.sub(lambda match: f"url(#{prefix}-{match[1]})", value))


def _drop(root: ElementTree.Element, tag: str) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{_SVG}}}{tag}":
                parent.remove(child)


def to_svg(file: bytes, title: str, alternative: str, prefix: str) -> str:
    """An SVG file as an element of a page, with a text alternative.

    Parameters
    ----------
    file
        What `to_bytes` returned for the form "svg": the page and the file are one drawing.
    title, alternative
        Content of the element's ``<title>`` and ``<desc>``; any text, it is escaped.
    prefix
        Put before every identifier: elements with different prefixes share none, so they may stand in one
        page. The element's own identifier is the prefix.

    Returns
    -------
    str
        One ``<svg>`` element without an XML declaration; the same text for the same figure. It has a view box
        and no size of its own: the page decides how wide it is. Text stays text.
    """
    root = ElementTree.fromstring(file)
    _drop(root, "metadata")
    # Matplotlib's style rule would reach every element of the page; the same is said here by inheritance.
    _drop(root, "style")
    _local(root, prefix)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    root.set("id", prefix)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    for index, (tag, text) in enumerate((("title", title), ("desc", alternative))):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{prefix}-{tag}"})
        element.text = visible(text)
        root.insert(index, element)
    return re.sub(r">\s+<", "><", _unprefixed(root))


def referring(element: str, identifier: str) -> str:
    """An SVG element that shows another one of the same page once more.

    Parameters
    ----------
    element
        What `to_svg` returned.
    identifier
        Its prefix.
    """
    root = ElementTree.fromstring(element)
    label = root.findtext(f"{{{_SVG}}}title") or ""
    copy = ElementTree.Element("svg", {"viewBox": root.attrib["viewBox"], "role": "img", "aria-label": label})
    copy.set("xmlns", _SVG)
    ElementTree.SubElement(copy, "use", {"href": f"#{identifier}"})
    return ElementTree.tostring(copy, encoding="unicode")


def _unprefixed(root: ElementTree.Element) -> str:
    # In an HTML page elements carry no namespace prefixes: SVG's is the default one, and a bare href will do.
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        target = element.attrib.pop(f"{{{_XLINK}}}href", None)
        if target is not None:
            element.set("href", target)
    root.set("xmlns", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def to_bytes(figure: Figure, form: str) -> bytes:
    """The figure as a file "svg", "pdf" or "png", without the time it was made; text in an SVG stays text.

    Raises
    ------
    ValueError
        If the form is another.
    """
    if form not in FORMS:
        raise ValueError(f"form={form!r} is no form of figures; take one of {', '.join(FORMS)}.")
    buffer = io.BytesIO()
    unset = {
        "svg": ("Date", "Creator"),
        "pdf": ("CreationDate", "Creator", "Producer"),
        "png": ("Software",),
    }[form]
    metadata: dict[str, Any] = dict.fromkeys(unset)
    with drawing(svg__hashsalt="file"), lean_fonts():
        tame(figure)
        figure.savefig(buffer, format=form, dpi=200, metadata=metadata)
    return buffer.getvalue()
