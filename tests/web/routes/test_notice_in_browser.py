"""The page of a notice on a phone: what it remembers, what it keeps, and whom it shuts out."""

from __future__ import annotations

import pytest

from base.clock import now
from knowledge.notices import store
from tests.widget.conftest import page, site  # noqa: F401
from web.notices.holder import masked, seal

KEPT = "已保存在这部手机上，没有网也能看。"


@pytest.fixture
def phone(page):  # noqa: F811
    """The window of a phone, and the notice open in it once it is kept."""

    def phone(code, width=390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"/n/{code}")
        page.get_by_text(KEPT).wait_for()
        return page

    return phone


def test_ticks_are_counted_aloud_and_remembered(phone, give):
    window = phone(give())
    boxes = window.get_by_role("checkbox")
    status = window.locator(".missing")
    total = boxes.count()
    boxes.nth(0).focus()
    window.keyboard.press("Space")
    assert status.inner_text().startswith(f"还差 {total - 1} 样：")
    assert status.get_attribute("role") == "status"
    window.reload()
    assert [box.is_checked() for box in boxes.all()] == [True] + [False] * (total - 1)
    assert status.inner_text().startswith(f"还差 {total - 1} 样：")
    for box in boxes.all()[1:]:
        box.check()
    assert status.inner_text() == "都备齐了，可以出门了。"


def test_the_ticks_of_one_notice_are_not_those_of_another(phone, give):
    phone(give()).get_by_role("checkbox").first.check()
    assert not phone(give()).get_by_role("checkbox").first.is_checked()


def test_after_one_visit_the_page_is_there_without_a_net(phone, give, site):  # noqa: F811
    code = give()
    window = phone(code)
    window.get_by_role("checkbox").first.check()
    site.stop()
    window.goto(f"/n/{code}")
    assert "存在这部手机上的一份" in window.locator(".copy").inner_text()
    assert window.get_by_role("checkbox").first.is_checked()
    assert window.locator(".letters").inner_text() == code
    assert window.locator(".code img").evaluate("image => image.naturalWidth") > 0
    assert window.evaluate("getComputedStyle(document.querySelector('.notice')).color") == "rgb(28, 37, 48)"
    assert window.get_by_text("未开放").or_(window.get_by_text("开放中")).filter(visible=True).count() == 0
    assert window.get_by_role("button").count() == 0
    site.start()
    window.reload()
    assert window.locator(".copy").is_hidden()


def test_a_withdrawn_notice_does_not_live_on(phone, give, change, site):  # noqa: F811
    code = give()
    window = phone(code)
    change(code, lambda session, notice: store.withdraw(session, notice, by="li", reason="开错", at=now()))
    window.reload()
    window.get_by_text("已经收回").wait_for()
    site.stop()
    window.reload()
    assert "已经收回" in window.locator(".banner").inner_text()


def test_the_whole_name_is_never_kept(phone, give, house, site):  # noqa: F811
    name = "欧阳小明"
    code = give(holder=masked(name), holder_sealed=seal(house.cipher, name, "0042"))
    window = phone(code)
    window.get_by_label("输入手机号后四位看全名").fill("0042")
    window.get_by_role("button", name="看全名").click()
    window.get_by_text(name).wait_for()
    kept = """async () => {
        const store = await caches.open("banshi-notices");
        return (await Promise.all((await store.matchAll()).map((one) => one.text()))).join();
    }"""
    assert code in window.evaluate(kept)
    assert name not in window.evaluate(kept)


def test_the_page_works_without_scripts(browser, give, site):  # noqa: F811
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    window = context.new_page()
    window.goto(f"/n/{give()}")
    window.get_by_role("checkbox").first.check()
    window.get_by_role("button", name="没办成").click()
    window.get_by_role("button", name="没开门、没号或排队太久").click()
    window.get_by_text("谢谢您告诉我们").wait_for()
    window.get_by_role("button", name="窗口要的和清单不一样").click()
    window.get_by_text("查询码").first.wait_for()
    context.close()


@pytest.mark.parametrize("query", ["", "?large=1"])
def test_nothing_runs_off_a_narrow_or_magnified_screen(phone, give, query):
    code = give("bundle-newborn")
    window = phone(code, width=320)
    window.goto(f"/n/{code}{query}")
    assert window.evaluate("document.documentElement.scrollWidth") <= 320


def test_whatever_is_tapped_is_large_enough(phone, give):
    sizes = """() => [...document.querySelectorAll("main button, main .ways a, main summary, main label:has(input), main input:not([type=checkbox], [type=radio])")]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])"""
    window = phone(give())
    assert [one for one in window.evaluate(sizes) if one[1] < 44] == []


@pytest.mark.parametrize("width", [390, 1366])
def test_nobody_is_shut_out(browser, give, change, house, site, width):  # noqa: F811
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    code = give("bundle-newborn", holder="欧**", holder_sealed=seal(house.cipher, "欧阳小明", "0042"))
    gone = give()
    change(gone, lambda session, notice: store.withdraw(session, notice, by="li", reason="开错", at=now()))
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 800})
    window = context.new_page()
    faults = []
    guide = "/guide/passport-first?age=adult&companion=none&identity=ordinary&adcode=990102"
    pages = (f"/n/{code}", f"/n/{code}?large=1", f"/n/{code}/family", f"/n/{gone}", "/n", "/n?code=2", guide)
    for path in pages:
        window.goto(path)
        faults += [(path, fault["id"]) for fault in axe.run(window).response["violations"]]
    context.close()
    assert faults == []
