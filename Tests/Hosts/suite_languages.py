"""Prompts and messages in the language of the session, and only what is safe out of its environment."""

import os

import hosts
from hosts import ANN_PASSWORD, POLICIES


def run(checks, programs):
    site = hosts.Site()
    catalogues = os.path.join(programs.dist, "share", "locale")
    settings = dict(POLICIES["required"], LIBSECURITY_I18N_DIRNAME=catalogues, SECURITY_CHANGEABLE=True)
    site.configure(settings)
    site.one_line()
    good = [ANN_PASSWORD, hosts.totp()]

    def login(*variables):
        site.reset()
        clean = ["env", "-u", "LANG", "-u", "LC_ALL", "-u", "LC_MESSAGES", "-u", "LANGUAGE"]
        return programs.run(site, "annlee", "auth acct", good, prefix=[*clean, *variables])

    english, german = ["Password: ", "Verification code: "], ["Passwort: ", "Bestätigungscode: "]
    french = ["Mot de passe\u00a0: ", "Code de vérification\u00a0: "]
    for variables, expected in [
        ([], english), (["LANG=C"], english), (["LANG=en_GB.UTF-8"], english), (["LANG=de_DE.UTF-8"], german),
        (["LANG=de_AT.UTF-8@euro"], german), (["LANG=de_DE.UTF-8", "LC_ALL=C"], english),
        (["LANG=C", "LANGUAGE=de"], english), (["LANG=de_DE.UTF-8", "LANGUAGE=xx:fr"], french),
        (["LANG=de_DE.ISO-8859-1"], english), (["LANG=../" + "../" * 20 + catalogues + "/de"], english),
        (["LANG=" + "d" * 100000], english),
    ]:
        report = login(*variables)
        name = " ".join(variables)[:60] or "no language"
        checks.equal(name + ": the prompts", report.prompts, expected)
        checks.equal(name + ": the login", report.code("auth"), "PAM_SUCCESS")
        ours = [line for line in report.logs if "pam_security(" in line]
        checks.true(name + ": the log is English", all("verdict=granted" in line for line in ours) and ours, ours)

    report = programs.run(site, "dan", "acct", prefix=["env", "LC_ALL=de_DE.UTF-8"])
    checks.equal("a message", report.all("error"), ["Das Konto ist deaktiviert."])
    site.configure(dict(settings, BABEL_DEFAULT_LOCALE="fr"))
    checks.equal("who says no language gets the site's", login().prompts, french)
    site.configure(dict(settings, SECURITY_MSG_DISABLED_ACCOUNT=["Ask the porter", "error"]))
    report = programs.run(site, "dan", "acct", prefix=["env", "LC_ALL=de_DE.UTF-8"])
    checks.equal("the site's own words", report.all("error"), ["Ask the porter"])
    site.configure(settings)
    site.reset()
    site.one_line("factor=password", "change")
    report = programs.run(
        site, "annlee", "chauthtok", [ANN_PASSWORD, "a new long password", "another"], "change",
        ["-u", "65534"], prefix=["env", "LC_ALL=de_DE.UTF-8"])
    expected = ["Aktuelles Passwort: ", "Neues Passwort: ", "Neues Passwort wiederholen: "]
    checks.equal("a change asks for the new password twice", report.prompts, expected)
    checks.equal("and wants both equal", report.code("chauthtok"), "PAM_TRY_AGAIN")
    checks.equal("which it says", report.all("error")[-1:], ["Die Passwörter stimmen nicht überein"])
    report = programs.run(
        site, "annlee", "chauthtok", [ANN_PASSWORD, "a new long password", "a new long password"], "change",
        ["-u", "65534"], prefix=["env", "LC_ALL=de_DE.UTF-8"])
    checks.equal("a change", report.code("chauthtok"), "PAM_SUCCESS")
    site.remove()
