"""The page's own font: Noto Sans CJK cut down to the characters that the page holds."""

from __future__ import annotations

import base64
import html
import io
import re

from markupsafe import Markup

SIMPLIFIED_FACE = 2  # the face of the collection with the shapes of the mainland
DATA = re.compile(r"base64,[A-Za-z0-9+/=]+")
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "↕↑↓—–…·“”（），。、：；"
WIDE_MARKS = "“”‘’…"
UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "vmtx", "vhea", "VORG", "DSIG"]


def characters(page: str, language: str) -> str:
    """Every character of ``page``, its markup included, sorted; the insides of data addresses excluded.

    The font's quotation marks and dots are as wide as a Chinese character: English takes the reader's own.
    """
    signs = {c for c in html.unescape(DATA.sub("", page)) if c.isprintable()} | set(ALWAYS)
    return "".join(sorted(signs - set(WIDE_MARKS if language == "en" else "")))


def subset(text: str) -> bytes:
    """WOFF with the glyphs of ``text``. Not WOFF2: a tenth smaller, but long to make."""
    import noto_cjk_sans_otc
    import uharfbuzz
    from fontTools.ttLib import TTFont

    request = uharfbuzz.SubsetInput()
    request.unicode_set.update(map(ord, text))
    request.layout_feature_tag_set.clear()
    request.drop_table_tag_set.update(int.from_bytes(table.encode(), "big") for table in UNUSED_TABLES)
    file = uharfbuzz.Blob.from_file_path(str(noto_cjk_sans_otc.FONT_PATH))
    cut = uharfbuzz.subset(uharfbuzz.Face(file, SIMPLIFIED_FACE), request)
    buffer = io.BytesIO()
    with TTFont(io.BytesIO(cut.blob.data), recalcBBoxes=False, recalcTimestamp=False) as font:
        font.flavor = "woff"
        font.save(buffer)
    return buffer.getvalue()


def font_face(page: str, language: str) -> Markup:
    """The CSS rule that gives the page its font, as a data address."""
    font_text = base64.b64encode(subset(characters(page, language))).decode()
    return Markup(
        '@font-face { font-family: "Report"; src: url(data:font/woff;base64,{}) format("woff"); }'
    ).replace("{}", font_text)
