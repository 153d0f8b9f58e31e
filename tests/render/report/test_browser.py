"""The page of a report in a real browser: clicks, keys, themes, and no complaint."""

from __future__ import annotations

from contextlib import contextmanager

import browsers
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

NAMES = ("few", "many", "hostile")
SCHEMES = ("light", "dark")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        found = browsers.chromium(playwright)
        if found is None:
            pytest.skip(browsers.MISSING)
        yield found
        found.close()


@pytest.fixture(scope="module")
def places(pages, tmp_path_factory):
    """The pages as files."""
    folder = tmp_path_factory.mktemp("pages")
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser, places):
    """Opens a page; what the browser has to say against it fails the test."""
    complaints = []

    @contextmanager
    def open_page(name="few", width=1200, **settings):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, **settings
        )
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda asked: complaints.append(asked.url))
        url = (places / f"{name}.html").as_uri()
        page.goto(url)
        complaints.remove(url)
        yield page
        context.close()

    yield open_page
    assert complaints == []


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('href')")


def heading(page):
    return page.locator("#panel h3").inner_text()


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_a_page_without_models_opens_without_a_complaint(opened):
    with opened("empty") as page:
        assert "No model is recorded yet" in page.locator("main").inner_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_without_a_complaint_or_a_request(opened, name):
    with opened(name) as page:
        assert page.locator("#graph a").count() > 12
        assert page.locator("img").count() == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_that_keeps_people_out(opened, scheme):
    with opened(color_scheme=scheme) as page:
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


def test_the_current_model_is_told_of_first(opened):
    with opened() as page:
        assert heading(page).endswith("Add examples of book_bag")
        assert page.locator("#graph [aria-current]").get_attribute("href") == "#m12"


def test_a_click_shows_what_is_told_of_a_model_and_leads_there(opened):
    with opened() as page:
        page.locator("#graph a[href='#m3'] .shape").click()
        assert heading(page).endswith("Add examples of ask_bag")
        assert "DI101" in page.locator("#panel").inner_text()
        assert page.evaluate("document.activeElement.parentElement.id") == "panel"


def test_a_click_in_the_panel_goes_to_the_base_and_back(opened):
    with opened() as page:
        page.locator("#panel a[href='#b2']").click()
        assert "base" in heading(page)
        page.locator("#panel a[href='#m10']").click()
        assert heading(page).endswith("Add examples of book_fare")


def test_the_graph_is_one_stop_for_the_keyboard_and_arrows_move_in_it(opened):
    with opened() as page:
        stops = page.locator("#graph a[tabindex='0']")
        assert stops.count() == 1
        stops.focus()
        way = []
        for key in ("ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp", "Home", "End"):
            page.keyboard.press(key)
            way.append(focused(page))
            assert (
                page.locator("#graph [aria-current]").get_attribute("href") == way[-1]
            )
        # The newest base is on top: b2 m10 m11 m12, and below b1 m1 … m9.
        assert way == ["#m11", "#m2", "#m3", "#m12", "#b2", "#m9"]
        assert page.locator("#graph a[tabindex='0']").count() == 1
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "H3"


def test_keys_that_lead_out_of_the_graph_stay_where_they_are(opened):
    with opened() as page:
        page.locator("#graph a[href='#b2']").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
        assert focused(page) == "#b2"


def test_all_that_is_folded_opens_by_keyboard(opened):
    with opened() as page:
        summary = page.locator("main summary").first
        summary.focus()
        page.keyboard.press("Enter")
        assert page.locator("table").first.is_visible()


def test_a_link_in_a_table_opens_what_is_told_of_the_model(opened):
    with opened() as page:
        page.locator("summary").first.click()
        page.locator("table a[href='#m5']").first.click()
        assert page.locator("#m5 dl").is_visible()


def test_the_system_chooses_the_theme_and_the_button_the_other(opened):
    seen = {}
    for scheme in SCHEMES:
        with opened(color_scheme=scheme) as page:
            seen[scheme] = background(page)
            fill = "getComputedStyle(document.querySelector('.chart path[fill]')).fill"
            drawn = page.evaluate(fill)
            page.locator("#theme").click()
            seen[scheme, "other"] = background(page)
            assert page.evaluate(fill) != drawn
            page.locator("#theme").click()
            assert background(page) == seen[scheme]
    assert seen["light"] != seen["dark"]
    assert seen["light", "other"] == seen["dark"]
    assert seen["dark", "other"] == seen["light"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [320, 700])
def test_a_narrow_page_does_not_scroll_sideways(opened, name, width):
    with opened(name, width=width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_all_of_it_is_there(opened):
    with opened(java_script_enabled=False) as page:
        assert not page.locator("#panel").is_visible()
        assert not page.locator("#theme").is_visible()
        page.locator("#graph a[href='#m3'] .shape").click()
        assert page.url.endswith("#m3")
        page.locator("#m3 summary").click()
        assert page.locator("#m3 dl").is_visible()


def test_print_is_light_and_folds_nothing(opened):
    with opened(color_scheme="dark") as page:
        page.emulate_media(media="print", color_scheme="dark")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert background(page) == "rgb(255, 255, 255)"
        assert not page.locator("#panel").is_visible()
        assert page.locator("#m1 dl").is_visible()
