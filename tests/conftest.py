"""Lists at the end what was skipped for want of tools; with STRICT=1 a skip is a failure."""

import os

import pytest
from hypothesis import settings

# Times are the business of bench/: a busy machine must not fail a property.
settings.register_profile("suite", max_examples=60, deadline=None)
settings.load_profile("suite")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("STRICT") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which STRICT=1 forbids: {reason_of(report)}"


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("skipped for want of tools (./.ci/run installs them)")
        for reason in sorted({reason_of(report) for report in skipped}):
            tests = sum(reason_of(report) == reason for report in skipped)
            terminalreporter.line(f"{tests} x {reason}")


def reason_of(report):
    """The words given to `pytest.skip`, without place and prefix."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
