import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pypdfium2 import PdfDocument

from base.answer import question, text
from web.notices.paper import a4, slip

ITEMS = ("id-card-first-apply", "bundle-newborn", "passport-first", "minimum-living-allowance", "id-card-collect")
FORMS = {"a4": a4, "large": lambda sheet: a4(sheet, large=True), "slip": slip}
FOOT = re.compile(r"一次性告知单7KQM-3XPA-VN8R(?:含演示数据：网点、电话和开放时间不是真的)?(?:第\d+页，共\d+页)?")


def pages(pdf):
    """The text of each page without its blanks, as a viewer reads it."""
    with PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


def sizes(pdf):
    """The width and height of each page in mm."""
    with PdfDocument(pdf) as document:
        return [tuple(round(points / 72 * 25.4) for points in page.get_size()) for page in document]


def written(sheet):
    """Every word of the sheet, in its order."""
    yield from (sheet.name, sheet.code)
    yield from (words["text"] for words in sheet.banner)
    yield from (words for fact in sheet.head for words in fact.values())
    for block in sheet.blocks:
        if "title" in block:
            yield block["title"].rstrip("：")
        for item in block.get("items", [block]):
            yield from ITEM_WORDS[block["type"]](item)
    yield from (words for fact in sheet.card for words in fact.values())


ITEM_WORDS = {
    "text": lambda item: [item["text"]],
    "materials": lambda item: [
        item["name"],
        item["form"],
        item["why"],
        item["note"],
        "可免交或容缺" * item["waivable"],
    ],
    "facts": lambda item: [item["label"], item["value"]],
    "steps": lambda item: [item],
    "offices": lambda item: [item["name"], item["address"], item["phone"], item["hours"], item["note"]],
}


@pytest.fixture(scope="module", params=ITEMS)
def sheet(request, sheet_for):
    return sheet_for(request.param)


@pytest.mark.parametrize("form", FORMS)
def test_all_that_the_sheet_says_is_there_in_its_order(sheet, form):
    found = FOOT.sub("", "".join(pages(FORMS[form](sheet))))
    at = 0
    for words in written(sheet):
        words = "".join(words.split())
        assert words in found[at:], f"{words!r} is not in {found[at:][:200]!r}"
        at = found.index(words, at) + len(words)


@pytest.mark.parametrize("form", FORMS)
def test_it_is_small_and_says_its_title_and_language(sheet, form):
    pdf = FORMS[form](sheet)
    assert len(pdf) < 100_000
    assert b"/Lang (zh-CN)" in pdf
    with PdfDocument(pdf) as document:
        assert document.get_metadata_value("Title") == f"一次性告知单 {sheet.name} {sheet.code}"
        assert not document.get_metadata_value("CreationDate")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_sheet_is_the_same_file(sheet, form):
    assert FORMS[form](sheet) == FORMS[form](sheet)


def test_every_page_says_whose_it_is_and_which(sheet):
    found = pages(a4(sheet, large=True))
    assert len(found) > 1
    for number, page in enumerate(found, 1):
        assert page.endswith(f"含演示数据：网点、电话和开放时间不是真的第{number}页，共{len(found)}页")
        assert "7KQM-3XPA-VN8R" in page


def test_real_data_are_not_called_demo(sheet_for):
    sheet = replace(sheet_for("id-card-collect"), blocks=(text("带好证件"),))
    assert all("演示" not in "".join(pages(make(sheet))) for make in FORMS.values())


def test_the_slip_is_one_page_as_long_as_what_it_says(sheet_for):
    whole, short = sheet_for("bundle-newborn"), replace(sheet_for("bundle-newborn"), blocks=())
    (long,), (short,) = sizes(slip(whole)), sizes(slip(short))
    assert long[0] == short[0] == 80
    assert long[1] > short[1] + 50


def test_a_row_of_the_list_stands_on_one_page(sheet_for):
    sheet = sheet_for("bundle-newborn")
    materials = next(block for block in sheet.blocks if block["type"] == "materials")
    rows = [{**item, "name": f"第{number}号{item['name']}", "note": f"{number}号的说明。" * 30 + f"{number}号完"}
            for number, item in enumerate(materials["items"] * 3, 1)]  # fmt: skip
    found = pages(a4(replace(sheet, blocks=({**materials, "items": rows},))))
    assert len(found) > 1
    for number in range(1, len(rows) + 1):
        assert any(f"第{number}号" in page and f"{number}号完" in page for page in found)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_longer_than_a_page_goes_on_over_the_next(sheet_for, form):
    long = "这一条很长，" * 800
    sheet = sheet_for("id-card-collect")
    line = {
        **next(block for block in sheet.blocks if block["type"] == "materials")["items"][0],
        "name": long,
        "note": long,
    }
    blocks = (text(long, "warning"), text(long), {"type": "materials", "title": long, "items": [line]})
    found = FOOT.sub("", "".join(pages(FORMS[form](replace(sheet, name=long, blocks=blocks)))))
    assert found.count("这一条很长，") == 800 * 6


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("㛃𠮷喆", "㛃□喆"),  # what the font lacks
        ("好🙂的👨‍👩‍👧", "好□的□□□"),
        ("行\u200b政\ufe0f区\x07", "行政区"),  # what nobody sees
        ("⾏政㊙", "⾏政㊙"),
        ("𝟏𝟐元", "12元"),  # what has a plain form
        ("a\tb\u3000c", "a b c"),
        ("a\u0301é", "áé"),
    ],
)
def test_odd_characters_are_shown_as_well_as_can_be(sheet_for, typed, shown):
    sheet = replace(sheet_for("id-card-collect"), blocks=(text(f"始{typed}末"),))
    for make in FORMS.values():
        found = "".join(pages(make(sheet)))
        assert re.search("始(.*?)末", found)[1] == "".join(shown.split())


def test_what_stands_on_no_sheet_is_refused(sheet_for):
    with pytest.raises(ValueError, match="question"):
        a4(replace(sheet_for("id-card-collect"), blocks=(question("x", "哪里？"),)))


def test_several_can_be_made_at_once(sheet):
    with ThreadPoolExecutor(4) as people:
        made = list(people.map(slip, [sheet] * 8))
    assert len(set(made)) == 1
