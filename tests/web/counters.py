"""What a counter does with notices, as steps for tests: issue one, work on it, read what the page says."""

from __future__ import annotations

import html
import re

from knowledge.notices import store

ITEM = "id-card-reissue-lost"
GIVEN = ["age:adult", "place:local", "pickup:self"]
HALL, POLICE = "示例市政务服务中心", "示例云帆派出所"


def issue(console, login="window", **typed):
    """Sign in and issue a notice from the card of an item; returns its code."""
    console.sign_in(login)
    page = console.post("/staff/notices", **{"service": ITEM, "given": GIVEN} | typed)
    assert page.status_code == 200, page.text
    return page.url.path.split("/")[3]


def office_of(console, name):
    """The id of an office, as the forms name it."""
    card = console.http.get(f"/staff/look-up/{ITEM}?{'&'.join(f'given={part}' for part in GIVEN)}").text
    return re.search(f'<option value="([^"]+)"[^>]*>{name}', card)[1]


def work(console, code, act, **typed):
    """One act of a counter in the hall."""
    return console.post(f"/staff/notices/{code}/{act}", **{"office": office_of(console, HALL)} | typed)


def listed(page):
    """The ids of the materials that can be ticked."""
    return re.findall(r'name="brought" value="([^"]+)"', page.text)


def find(console, code):
    with console.database.reading() as session:
        notice = store.find(session, code)
        return notice, list(notice.events)


def words(page):
    """What somebody reads of a page."""
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page.text.split("<main")[1])).split())
