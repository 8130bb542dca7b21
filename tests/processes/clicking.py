"""Does the steps of a walk as a person does them: signs in, takes the task, fills in the form, sends it."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.processes.walks import Arrival, Step, Walk

PASSWORD = "demo"


class Office:
    """The office in a browser: one signed-in window for each person."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.windows: dict[str, Page] = {}

    def close(self) -> None:
        """Everybody goes home."""
        for page in self.windows.values():
            page.context.close()

    def window(self, login: str) -> Page:
        """The person's window, signed in."""
        if login not in self.windows:
            page = self.browser.new_context(base_url=self.address).new_page()
            page.goto("/")
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            expect(page.locator("h1")).to_have_text("Kotak Tugas")
            self.windows[login] = page
        return self.windows[login]

    def start(self, walk: Walk) -> str:
        """Starts the case from the list of SOPs; the address of its page."""
        page = self.window(walk.starter)
        page.goto(f"/start/{walk.key}")
        fill(page, walk.start)
        page.click("#complete")
        expect(page.locator(".notice.ok, .flash.ok, [role=status]").first).to_be_visible()
        page.goto("/cases")
        link = page.locator("[data-rows] a[href^='/cases/']").first.get_attribute("href")
        assert link
        return link

    def do(self, case: str, step: Step, login: str) -> None:
        """Finds the task in the unit's part of the inbox, takes it, sees what it shows, completes it."""
        page = self.window(login)
        page.goto("/?box=unit")
        row = page.locator("[data-rows] > *").filter(has_text=step.item).last
        row.get_by_role("link").first.click()
        page.click("#claim")
        for text in step.sees:
            expect(page.locator("main")).to_contain_text(text)
        fill(page, step.values)
        page.click("#complete")
        expect(page.locator("#complete")).to_have_count(0)

    def record(self, case: str, arrival: Arrival) -> None:
        """Records on the case's page that what it waits for has come."""
        page = self.window(arrival.login)
        page.goto(case)
        page.get_by_role("link", name="Catat kedatangan").first.click()
        page.click("#record")

    def ended_at(self, case: str, login: str) -> str:
        """The page of the ended case, in words."""
        page = self.window(login)
        page.goto(case)
        return page.locator("main").inner_text()


def fill(page: Page, values: Mapping[str, Any], prefix: str = "") -> None:
    """Types each value into the field of its name, as the page draws it."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                if not page.locator(f'[name^="{name}[{number}]"]').count():
                    page.click(f'button[name="_add"][value="{name}"]')
                fill(page, row, f"{name}[{number}].")
        else:
            put(page.locator(f'[name="{name}"]:not([type=hidden])'), value)


def put(fields: Locator, value: Any) -> None:
    """Sets one field: ticks, choices, or text."""
    kind = fields.first.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
    if kind in ("checkbox", "radio") and not isinstance(value, bool):
        wanted = value if isinstance(value, list) else [value]
        for choice in wanted:
            fields.and_(fields.page.locator(f'[value="{choice}"]')).check()
    elif kind == "checkbox":
        fields.first.set_checked(value)
    elif kind == "select":
        fields.first.select_option(str(value))
    else:
        fields.first.fill(str(value))
        fields.first.blur()
