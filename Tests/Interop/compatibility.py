"""docs/compatibility.md: every format, version and direction with the tests that prove it, made of a run's results."""
import pathlib
import typing

import coverage

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "compatibility.md"
HEAD = """# Compatibility

Made from the results of `Tests/Interop/run.sh dist --write`: do not edit. Each run of the tests compares this page with
what it found.

Every format is tried against the real Python packages, in both directions. **read**: Flask-Security wrote it, and
libsecurity took it for what it is. **written**: libsecurity wrote it, and Flask-Security did.

| sign | meaning |
| --- | --- |
| yes | tests prove it |
| no | a test shows that it is not so yet |
| - | that release does not have the format, or that direction is not tried |
"""


class Finding(typing.NamedTuple):
    """One test's word on one format."""

    form: str
    reads: bool
    release: str
    outcome: str
    test: str


def page(findings, releases):
    """The text of the page."""
    lines = [HEAD]
    for heading, forms in coverage.FORMATS.items():
        lines += [f"## {heading}\n", "| format | direction | " + " | ".join(releases) + " | tests |",
                  "| --- | --- |" + " --- |" * len(releases) + " --- |"]
        for form in forms:
            for reads in (True, False):
                about = [one for one in findings if (one.form, one.reads) == (form, reads)]
                cells = [sign(one.outcome for one in about if one.release == release) for release in releases]
                tests = "; ".join(sorted({one.test for one in about}))
                lines.append(f"| {form} | {'read' if reads else 'written'} | {' | '.join(cells)} | {tests or '-'} |")
        lines.append("")
    return "\n".join(lines)


def sign(outcomes):
    outcomes = set(outcomes)
    return "-" if not outcomes else "yes" if outcomes == {"holds"} else "no"


def hold(findings, releases, writes):
    """Compares the page with a run, or writes it; what is wrong, or None."""
    known = {form for forms in coverage.FORMATS.values() for form in forms}
    strangers = sorted({one.form for one in findings} - known)
    if strangers:
        return f"formats without a row in Tests/Interop/coverage.py: {strangers}"
    text = page(findings, releases)
    if writes:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        return f"{PAGE.name} is not what this run found: make it anew by Tests/Interop/run.sh DIST --write"
    return None
