"""Password changes by libpam's two calls."""

import os

import hosts
from hosts import ANN_PASSWORD, POLICIES

NEW = "a new and long password"
OLD_PROMPT, NEW_PROMPT, AGAIN = "Current password: ", "New password: ", "Retype new password: "
USER = ["-u", "65534"]
WORDS_MISSING = ("/nonexistent/words, the words that SECURITY_PASSWORD_COMPLEXITY_CHECKER compares with, is missing;"
                 " install it, or name it by LIBSECURITY_ZXCVBN_FILE")


def run(checks, programs):
    site = hosts.Site(POLICIES["off"])
    site.one_line()

    def change(answers, options=(), user="annlee", service="one"):
        return programs.run(site, user, "chauthtok", answers, service, options)

    def uniquifier():
        return site.sql("SELECT fs_uniquifier, update_datetime FROM user WHERE username = 'annlee'")[0]

    def login(password, user="annlee"):
        return programs.run(site, user, "auth", [password]).code("auth")

    before = uniquifier()
    report = change([ANN_PASSWORD, NEW, NEW], USER)
    checks.equal("a user: asked for the old one, and twice for the new", report.prompts, [OLD_PROMPT, NEW_PROMPT, AGAIN])
    checks.equal("a user: changed", report.code("chauthtok"), "PAM_SUCCESS")
    checks.true("a change writes a new fs_uniquifier and update_datetime",
                all(old != new for old, new in zip(before, uniquifier())), uniquifier())
    checks.true("a change is one line at NOTICE", [line for line in report.logs if "verdict=changed" in line][0]
                .startswith("NOTICE pam_security(one:chauthtok): verdict=changed user=annlee account=1 uid=65534"), report.logs)
    checks.equal("the old password is gone", login(ANN_PASSWORD), "PAM_AUTH_ERR")
    checks.equal("the new one works", login(NEW), "PAM_SUCCESS")

    site.reset()
    before = uniquifier()
    report = change(["wrong", NEW, NEW], USER)
    checks.equal("a wrong old password ends it", (report.code("chauthtok"), report.prompts), ("PAM_AUTH_ERR", [OLD_PROMPT]))
    counted = site.sql("SELECT sum(failures) FROM lsec_throttle WHERE factor = 'password'")[0][0]
    checks.true("and is counted", counted >= 1, counted)
    report = change([NEW, NEW])
    checks.equal("root is not asked for the old one", (report.code("chauthtok"), report.prompts), ("PAM_SUCCESS", [NEW_PROMPT, AGAIN]))
    report = change(["wrong"], ["-f", "expired"])
    checks.equal("unless a login forces the change", (report.code("chauthtok"), report.prompts), ("PAM_AUTH_ERR", [OLD_PROMPT]))

    site.reset()
    before = uniquifier()
    report = change([ANN_PASSWORD, NEW, NEW + "."], USER)
    checks.equal("entries that differ", report.code("chauthtok"), "PAM_TRY_AGAIN")
    report = change([ANN_PASSWORD, "short", "short"], USER)
    checks.equal("too short", (report.code("chauthtok"), report.all("error")),
                 ("PAM_AUTHTOK_ERR", ["Password must be at least 8 characters"]))
    report = change([ANN_PASSWORD, ANN_PASSWORD, ANN_PASSWORD], USER)
    checks.equal("the same again", (report.code("chauthtok"), report.all("error")),
                 ("PAM_AUTHTOK_ERR", ["Your new password must be different than your previous password."]))
    report = change([ANN_PASSWORD, "@long:5000", "@long:5000"], USER)
    checks.equal("over-long", report.code("chauthtok"), "PAM_AUTHTOK_ERR")
    report = change([ANN_PASSWORD, "@null"], USER)
    checks.equal("cancelled", report.code("chauthtok"), "PAM_CONV_ERR")
    site.configure(dict(POLICIES["off"], SECURITY_PASSWORD_LENGTH_MIN=40))
    report = change([ANN_PASSWORD, ANN_PASSWORD, ANN_PASSWORD], USER)
    checks.equal("every flaw is shown", len(report.all("error")), 2)
    report = change([ANN_PASSWORD, ANN_PASSWORD, ANN_PASSWORD], [*USER, "-f", "silent"])
    checks.equal("PAM_SILENT: none is", (report.code("chauthtok"), report.all("error")), ("PAM_AUTHTOK_ERR", []))
    checks.equal("nothing of all this wrote anything", uniquifier(), before)

    words = os.path.join(programs.dist, "share", "libsecurity", "zxcvbn.dat")
    strength = dict(POLICIES["off"], SECURITY_PASSWORD_COMPLEXITY_CHECKER="zxcvbn", LIBSECURITY_ZXCVBN_FILE=words)
    site.configure(strength)
    report = change([ANN_PASSWORD, "password1234", "password1234"], USER)
    checks.equal("too simple: why, and how to do better", (report.code("chauthtok"), report.all("error")),
                 ("PAM_AUTHTOK_ERR", ["This is a very common password.", "Add another word or two. Uncommon words are better."]))
    site.configure(dict(strength, LIBSECURITY_ZXCVBN_FILE="/nonexistent/words"))
    report = change([ANN_PASSWORD, NEW, NEW], USER)
    checks.equal("without the words no password is good enough, and the way out is told",
                 (report.code("chauthtok"), report.all("error")), ("PAM_AUTHTOK_ERR", [WORDS_MISSING]))
    checks.equal("nor did this write anything", uniquifier(), before)

    site.configure(dict(POLICIES["off"], SECURITY_CHANGEABLE=False))
    report = change([ANN_PASSWORD, NEW, NEW], USER)
    checks.equal("SECURITY_CHANGEABLE false says why before it asks",
                 (report.code("chauthtok"), report.prompts, report.all("error")),
                 ("PAM_PERM_DENIED", [], ["Passwords cannot be changed here: SECURITY_CHANGEABLE is false."]))
    site.configure(POLICIES["off"])
    for account, expected in [("unknown", "PAM_USER_UNKNOWN"), ("inactive", "PAM_PERM_DENIED"),
                              ("unconfirmed", "PAM_PERM_DENIED"), ("superuser", "PAM_USER_UNKNOWN")]:
        report = change([NEW, NEW], user=hosts.ACCOUNTS[account][0])
        checks.equal("%s account: %s" % (account, expected), report.code("chauthtok"), expected)

    other = hosts.Site(POLICIES["off"])
    site.service("pair", "password required @", "password required %s config=%s use_authtok" % (site.module, other.config))
    report = change([NEW, NEW], service="pair")
    checks.equal("use_authtok takes the new password from the line above", (report.code("chauthtok"), len(report.prompts)),
                 ("PAM_SUCCESS", 2))
    hashes = [place.sql("SELECT password FROM user WHERE username = 'annlee'")[0][0] for place in (site, other)]
    checks.true("both have it", hashes[0] != hashes[1] and login(NEW) == "PAM_SUCCESS", hashes)
    site.service("alone", "password required @ use_authtok")
    report = change([NEW, NEW], service="alone")
    checks.equal("use_authtok without one above", (report.code("chauthtok"), report.prompts), ("PAM_AUTHTOK_ERR", []))
    # The stack goes on after our preliminary failure; the second call must not write.
    site.reset()
    site.service("optional", "password optional @", "password required pam_permit.so")
    before = uniquifier()
    change(["wrong", NEW, NEW], USER, service="optional")
    checks.equal("a preliminary failure that a stack ignores writes nothing", uniquifier(), before)
    other.remove()
    site.remove()
