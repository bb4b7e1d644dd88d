"""What a test says about compatibility: which format, read or written. docs/compatibility.md is made of it.

A format has a row in FORMATS; a test that names another one does not load.
"""

# Every format, in the order of the page: heading, names.
FORMATS = {
    "Stored passwords": [
        *(f"password hash: {scheme}" for scheme in (
            "argon2", "bcrypt", "des_crypt", "pbkdf2_sha256", "pbkdf2_sha512", "scrypt", "sha256_crypt", "sha512_crypt",
            "plaintext", "django_argon2", "django_bcrypt", "django_bcrypt_sha256", "django_des_crypt",
            "django_pbkdf2_sha1", "django_pbkdf2_sha256", "django_salted_md5", "django_salted_sha1")),
        "password hash: single hash", "password hash: normalisation", "password hash: renewal of old hashes",
    ],
    "Rules for new passwords": [
        "zxcvbn: score and warning of new passwords", "zxcvbn: words of the user", "breached passwords: range API", "breached passwords: list ordered by hash",
    ],
    "Tokens and cookies": [
        "confirmation token", "reset token", "sign-in token", "change-of-address token",
        "authentication token", "session cookie", "remember cookie", "CSRF token", "two-factor validity token",
        "unified sign-in set-up", "second factor set-up", "security key state",
    ],
    "Second factors": [
        "TOTP wallet", "TOTP wallet, plain and otpauth URI", "recovery codes", "recovery codes, encrypted", "one-time code by mail", "one-time code by SMS",
        "unified sign-in: TOTP wallets",
    ],
    "Names, addresses, messages": ["mail address", "user name", "phone number", "translated messages (MO)"],
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
