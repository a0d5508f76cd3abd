"""Lists at the end what was skipped for want of tools; with STRICT=1 a skip is a failure."""

import os
from collections import Counter

import pytest

from tests.browsers import browser  # noqa: F401


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("STRICT") == "1" and reporter.stats.get("skipped") and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    skipped = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])
    )
    if skipped:
        verdict = "; STRICT=1 makes that a failure" if os.environ.get("STRICT") == "1" else ""
        terminalreporter.section(f"skipped for want of tools, which .ci/run installs{verdict}")
        for reason, tests in sorted(skipped.items()):
            terminalreporter.line(f"{tests} x {reason}")
