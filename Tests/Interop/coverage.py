"""What a test says about compatibility: which format, read or written. The table of docs/compatibility.md is made of it."""


def covers(form, reads):
    """Marks a test: `form` is the name of a format; `reads`: Flask-Security wrote it and we read it, else the reverse.

    May be given more than once.
    """

    def mark(test):
        test.covers = [*getattr(test, "covers", []), (form, reads)]
        return test

    return mark
