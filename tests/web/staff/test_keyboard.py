"""The counter with a keyboard alone, in a real browser: issue a notice, scan one, tick it, ask for more, say no."""

from __future__ import annotations

import pytest


@pytest.fixture
def window(browser, site, staffed):
    """A counter's screen, signed in; whatever the browser's console complains about fails the test."""
    context = browser.new_context(base_url=str(site.http.base_url), viewport={"width": 1366, "height": 768})
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.goto("/staff")
    wait_for_focus(page)
    fill(page, "window", staffed.passwords["window"])
    enter(page)
    yield page
    context.close()
    assert errors == []


def fill(page, *words):
    """Type into one field after the other."""
    for number, word in enumerate(words):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(word)


def enter(page, key="Enter"):
    """Press a key that opens another page, and wait until it says where to go on."""
    with page.expect_navigation():
        page.keyboard.press(key) if len(key) > 1 else access(page, key)
    wait_for_focus(page)


def wait_for_focus(page):
    page.wait_for_function("document.activeElement !== document.body")


def access(page, key):
    """Alt and a key; as the browser gets it from the system, which Playwright's own keyboard leaves out."""
    code = f"Digit{key}" if key.isdigit() else f"Key{key}"
    typed = {"key": key.lower(), "text": key.lower(), "unmodifiedText": key.lower()}
    link = page.context.new_cdp_session(page)
    for type_ in ("keyDown", "keyUp"):
        event = {"type": type_, "modifiers": 1, "code": code, "windowsVirtualKeyCode": ord(key), **typed}
        link.send("Input.dispatchKeyEvent", event)


def focused(page):
    return page.evaluate("document.activeElement.textContent || document.activeElement.name").strip()


def look_up(page, words):
    """From anywhere to an item's finished card, with the first option of each question."""
    enter(page, "2")
    page.keyboard.type(words)
    enter(page)
    enter(page)
    while page.locator(".ask").count():
        enter(page)


def test_a_notice_is_issued_without_a_mouse(window):
    look_up(window, "身份证丢了")
    assert focused(window).startswith("出告知单")
    enter(window)
    assert window.locator(".codeword").inner_text().count("-") == 2
    assert focused(window).startswith("打印 A4")


def test_a_name_goes_with_it_by_tab_alone(window):
    look_up(window, "身份证丢了")
    window.keyboard.press("Tab")
    window.keyboard.press("ArrowDown")
    fill(window, "", "张小明", "5678")
    enter(window)
    facts = window.locator(".facts").inner_text()
    assert "张**" in facts
    assert "办理网点" in facts


def test_a_scanned_notice_is_ticked_and_asked_beyond_and_refused_without_a_mouse(window):
    look_up(window, "护照首次")
    enter(window)
    code = window.locator(".codeword").inner_text()
    enter(window, "3")
    window.keyboard.type(f"https://banshi.example.gov.cn/n/{code}")  # a scanner types, and ends with Enter
    enter(window)
    assert focused(window) == "brought"
    while focused(window) == "brought":
        window.keyboard.press("Tab")
    window.keyboard.press("ArrowDown")  # where one sits: once
    enter(window, "S")
    assert "还缺" in window.locator("#result").inner_text()
    assert window.evaluate("document.activeElement.id") == "result"
    enter(window, "A")
    assert window.locator("#result").inner_text() == "材料齐全"

    access(window, "Z")
    fill(window, "", "居住证明", "人户不一致")
    enter(window)
    assert "还要：居住证明；理由：人户不一致" in window.locator(".timeline").inner_text()

    enter(window, "X")
    assert focused(window) == "ground"
    for _ in range(5):
        window.keyboard.press("ArrowDown")
    window.locator("#words").focus()
    window.keyboard.type("读卡设备坏了")
    enter(window, "K")
    assert "由窗口负责解释" in window.locator(".result").inner_text()
    assert focused(window).startswith("确认")
    enter(window)
    assert "读卡设备坏了" in window.locator(".paper").inner_text()


def test_the_pages_of_a_notice_are_accessible(window):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    look_up(window, "身份证丢了")
    pages = [window.url]
    enter(window)
    where = window.url.removesuffix("/issued")
    pages += [window.url, where, f"{where}/refusal", "/staff/notices", "/staff/notices/figures"]
    faults = []
    for page in pages:
        window.goto(page)
        faults += [(page, fault["id"]) for fault in axe.run(window).response["violations"]]
    assert faults == []
