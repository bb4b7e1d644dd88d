"""What a test says about compatibility: which format, read or written. docs/compatibility.md is made of it.

A format has a row in FORMATS; a test that names another one does not load.
"""

# Every format, in the order of the page: heading, names.
FORMATS = {
    "Database and configuration": [
        "database file", "account row", "account status", "roles and permissions", "sign-in tracking", "dates and times",
        "configuration file",
    ],
}


def covers(forms, reads):
    """Marks a test: `forms` is the name of a format, or several; `reads`: Flask-Security wrote it and we read it, else
    the reverse. May be given more than once.
    """

    def mark(test):
        names = [forms] if isinstance(forms, str) else list(forms)
        test.covers = [*getattr(test, "covers", []), *((name, reads) for name in names)]
        return test

    return mark


def of(test):
    """What a test covers: pairs of a format and whether it is read."""
    return getattr(getattr(test, test._testMethodName, None), "covers", [])
