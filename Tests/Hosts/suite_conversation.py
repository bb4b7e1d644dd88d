"""Hosts that answer badly, lines that are wrong, sites that cannot decide, and what the log says."""

import os

import hosts
from hosts import ANN_PASSWORD, POLICIES

REQUIRED = POLICIES["required"]


def run(checks, programs):
    site = hosts.Site(REQUIRED)
    site.one_line()
    answers(site, checks, programs)
    phases(site, checks, programs)
    flags(site, checks, programs)
    arguments(site, checks, programs)
    stacks(site, checks, programs)
    dummies(site, checks, programs)
    origins(site, checks, programs)
    failures(site, checks, programs)
    logs(site, checks, programs)
    site.remove()


def answers(site, checks, programs):
    """Answers that are none, or too long, at either prompt."""
    for answer, expected in [
        ("@null", "PAM_CONV_ERR"), ("@none", "PAM_CONV_ERR"), ("@error", "PAM_CONV_ERR"), ("@again", "PAM_CONV_ERR"),
        ("@long:4096", "PAM_AUTH_ERR"), ("@long:4097", "PAM_AUTH_ERR"), ("@long:1000000", "PAM_AUTH_ERR"),
        ("", "PAM_AUTH_ERR"), ("\udcff\udcfe", "PAM_AUTH_ERR"),
    ]:
        for position, given in [("password", [answer, "000000"]), ("code", [ANN_PASSWORD, answer])]:
            site.reset()
            report = programs.run(site, "annlee", "auth", given)
            checks.equal("%s %r: %s" % (position, answer, expected), report.code("auth"), expected)
    site.reset()
    programs.run(site, "annlee", "auth", ["@error"])
    table = site.sql("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_throttle'")[0][0]
    checks.equal("a cancelled prompt counts nothing", table, 0)
    programs.run(site, "annlee", "auth", ["@long:5000", "@long:5000"])
    table = site.sql("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_throttle'")[0][0]
    checks.equal("an over-long answer is no guess", table, 0)
    report = programs.run(site, "", "auth", ["annlee", ANN_PASSWORD, hosts.totp()])
    checks.equal("a host without a name is asked for one", len(report.prompts), 3)
    checks.equal("and lets in who gives it", report.code("auth"), "PAM_SUCCESS")
    report = programs.run(site, "", "auth", ["@error"])
    checks.equal("no name, no login", report.code("auth"), "PAM_CONV_ERR")


def phases(site, checks, programs):
    """All groups, in odd orders, twice in one process, in a child."""
    site.reset()
    good = [ANN_PASSWORD, hosts.totp()]
    report = programs.run(site, "annlee", "auth acct setcred setcred open close close authtok-left", good)
    codes = [report.code(name) for name in ["auth", "acct", "setcred", "open", "close"]]
    checks.equal("a whole login", codes, ["PAM_SUCCESS"] * 5)
    for order in ["acct setcred open close", "setcred acct", "close open"]:
        report = programs.run(site, "annlee", order)
        codes = {report.code(name) for name in order.split()}
        checks.equal("no authentication before: " + order, codes, {"PAM_SUCCESS"})
    site.reset()
    report = programs.run(site, "annlee", "auth end start auth", [*good, *good])
    checks.equal("twice in one process, one code", report.all("auth"), ["PAM_SUCCESS", "PAM_AUTH_ERR"])
    site.reset()
    report = programs.run(site, "annlee", "auth auth", ["wrong", "000000", *good])
    checks.equal("twice in one transaction", report.all("auth"), ["PAM_AUTH_ERR", "PAM_SUCCESS"])
    site.reset()
    report = programs.run(site, "annlee", "fork auth acct setcred", good)
    checks.equal("in a child of the process that started", report.code("auth"), "PAM_SUCCESS")
    site.reset()
    report = programs.run(site, "annlee", "auth fork acct setcred open close", good)
    checks.equal("authenticated before a fork", report.code("setcred"), "PAM_SUCCESS")
    # The user may change between the phases, as under sudo.
    site.reset()
    report = programs.run(site, "annlee", "auth user=dan acct", good)
    checks.equal("each phase reads the user anew", report.code("acct"), "PAM_PERM_DENIED")


def flags(site, checks, programs):
    site.reset()
    report = programs.run(site, "dan", "acct")
    checks.equal("who may not use an account is told why", report.all("error"), ["Account is disabled."])
    report = programs.run(site, "dan", "acct", options=["-f", "silent"])
    checks.equal("PAM_SILENT: nothing is shown", report.all("error") + report.all("info"), [])
    checks.equal("PAM_SILENT: the same code", report.code("acct"), "PAM_PERM_DENIED")
    report = programs.run(site, "annlee", "auth", [ANN_PASSWORD, hosts.totp()], options=["-f", "silent"])
    checks.equal("PAM_SILENT: prompts still come", (len(report.prompts), report.code("auth")), (2, "PAM_SUCCESS"))
    report = programs.run(site, "annlee", "auth", ["", "000000"], options=["-f", "nonull"])
    checks.equal("PAM_DISALLOW_NULL_AUTHTOK: an empty password fails", report.code("auth"), "PAM_AUTH_ERR")
    checks.equal("a failure asks libpam for a delay", report.all("delay"), ["yes"])


def arguments(site, checks, programs):
    bad = ["nonsense", "debug debug", "factor=both", "prompt=", "config=/a config=/b", "unknown=ignore", "fresh=1"]
    for number, words in enumerate(bad):
        site.one_line(words, "bad%d" % number)
        report = programs.run(site, "annlee", "auth acct setcred open close chauthtok", [ANN_PASSWORD], "bad%d" % number)
        codes = {report.code(name) for name in ["auth", "acct", "setcred", "open", "close", "chauthtok"]}
        checks.equal("argument %r is refused in all groups" % words, codes, {"PAM_SERVICE_ERR"})
        checks.equal("argument %r: nothing is asked" % words, report.prompts, [])
        checks.true("argument %r is logged" % words, any("module argument" in line for line in report.logs), report.logs)
    module = "%s config=relative.toml" % site.module
    site.service("relative", "auth required " + module)
    report = programs.run(site, "annlee", "auth", service="relative")
    checks.equal("a relative path is refused", report.code("auth"), "PAM_SERVICE_ERR")
    site.one_line("factor=code [prompt=Your code, please: ]", "prompt")
    site.reset()
    report = programs.run(site, "annlee", "auth", [hosts.totp()], "prompt")
    checks.equal("the administrator's prompt", (report.prompts, report.code("auth")), (["Your code, please: "], "PAM_SUCCESS"))
    site.one_line("unknown=user_unknown", "unknown")
    for group in ["auth", "acct"]:
        report = programs.run(site, "nobody-here", group, ["a", "b"], "unknown")
        checks.equal("unknown=user_unknown in " + group, report.code(group), "PAM_USER_UNKNOWN")


def stacks(site, checks, programs):
    """Lines above and below ours."""
    good = [ANN_PASSWORD, hosts.totp()]
    site.reset()
    site.service("two", "auth required @ factor=password", "auth required @ factor=code")
    report = programs.run(site, "annlee", "auth", good, "two")
    checks.equal("two lines, one factor each", (report.code("auth"), len(report.prompts)), ("PAM_SUCCESS", 2))
    site.reset()
    site.service("first", "auth optional @ factor=password", "auth required @ use_first_pass")
    report = programs.run(site, "annlee", "auth", good, "first")
    checks.equal("use_first_pass takes the password above", (report.code("auth"), len(report.prompts)), ("PAM_SUCCESS", 2))
    site.service("none", "auth required @ use_first_pass")
    report = programs.run(site, "annlee", "auth", good, "none")
    checks.equal("use_first_pass never asks", (report.code("auth"), report.prompts), ("PAM_AUTH_ERR", []))
    site.reset()
    site.service("try", "auth optional @ factor=password", "auth required @ factor=password try_first_pass")
    report = programs.run(site, "annlee", "auth", ["wrong", ANN_PASSWORD], "try")
    checks.equal("try_first_pass asks again", (report.code("auth"), len(report.prompts)), ("PAM_SUCCESS", 2))
    site.configure(POLICIES["opt-in"])
    site.service("nullok", "auth required pam_permit.so", "auth required @ factor=code nullok")
    report = programs.run(site, "lea", "auth", [], "nullok")
    checks.equal("nullok steps aside for who has no factor", (report.code("auth"), report.prompts), ("PAM_SUCCESS", []))
    site.reset()
    report = programs.run(site, "annlee", "auth", ["000000"], "nullok")
    checks.equal("nullok never steps aside for who has one", report.code("auth"), "PAM_AUTH_ERR")
    site.configure(REQUIRED)
    site.reset()
    site.service("fresh", "auth required @ factor=code fresh")
    place = ["tty=pts/7", "rhost=192.0.2.7"]
    report = programs.run(site, "annlee", [*place, "auth", "setcred"], [hosts.totp()], "fresh")
    checks.equal("fresh: a code the first time", (report.code("auth"), len(report.prompts)), ("PAM_SUCCESS", 1))
    report = programs.run(site, "annlee", [*place, "auth"], [], "fresh")
    checks.equal("fresh: none at the same place", (report.code("auth"), report.prompts), ("PAM_SUCCESS", []))
    for other in [["tty=pts/8", "rhost=192.0.2.7"], ["tty=pts/7", "rhost=192.0.2.8"]]:
        report = programs.run(site, "annlee", [*other, "auth"], ["000000"], "fresh")
        checks.equal("fresh: asked at " + " ".join(other), len(report.prompts), 1)
    report = programs.run(site, "annlee", [*place, "auth"], ["000000"], "fresh", options=["-u", "65534"])
    checks.equal("fresh: asked of another uid", len(report.prompts), 1)


def dummies(site, checks, programs):
    """sshd's answers for accounts that it will refuse anyway, and its method `password`."""
    site.reset()
    dummy = "\b\n\r\x7fINCORRECT"
    report = programs.run(site, "annlee", "auth", [dummy, dummy])
    checks.equal("a dummy is asked for both factors", (report.code("auth"), len(report.prompts)), ("PAM_AUTH_ERR", 2))
    table = site.sql("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_throttle'")[0][0]
    checks.equal("a dummy counts nothing", table, 0)
    report = programs.run(site, "annlee", "auth", [ANN_PASSWORD, ANN_PASSWORD])
    checks.equal("the password as the code is refused", report.code("auth"), "PAM_AUTH_ERR")
    counted = site.sql("SELECT count(*) FROM lsec_throttle WHERE factor = 'code' AND failures > 0")[0][0]
    checks.equal("and burns no attempt at a code", counted, 0)


def origins(site, checks, programs):
    """Counts by remote host, at a terminal by the real uid, and else as unseen; PAM_RUSER is nobody's word."""
    found = set()
    for operations, options in [
        (["rhost=192.0.2.7"], []), (["rhost=2001:db8::1"], []), (["ruser=somebody", "tty=pts/3"], ["-u", "65534"]),
        (["rhost=", "tty=/dev/tty1"], []), (["ruser=somebody"], ["-u", "65534"]),
    ]:
        site.reset()
        programs.run(site, "annlee", [*operations, "auth"], ["wrong", "000000"], options=options)
        found |= {row[0] for row in site.sql("SELECT DISTINCT origin FROM lsec_throttle")}
    checks.equal("origins", found, {"ip:192.0.2.7", "ip:2001:db8:0:0::/64", "uid:65534", "uid:0",
                                      "unseen:service"})


def failures(site, checks, programs):
    """A site that cannot decide lets nobody in, and says why."""
    good = [ANN_PASSWORD, hosts.totp()]

    def expect(name, auth, change, acct=None, options=(), prefix=()):
        report = programs.run(site, "annlee", "auth", good, options=options, prefix=prefix)
        checks.equal(name + ": authenticate", report.code("auth"), auth)
        checks.true(name + ": logged as an error", any(line.startswith("ERR pam_security") for line in report.logs), report.logs)
        checks.equal(name + ": account", programs.run(site, "annlee", "acct", prefix=prefix).code("acct"), acct or auth)
        report = programs.run(site, "annlee", "setcred open close", prefix=prefix)
        checks.equal(name + ": sessions go on", {report.code(k) for k in ["setcred", "open", "close"]}, {"PAM_SUCCESS"})
        report = programs.run(site, "annlee", "chauthtok", ["Xyzzy and more words", "Xyzzy and more words"], prefix=prefix)
        checks.equal(name + ": change", report.code("chauthtok"), change)

    unavailable = "PAM_AUTHINFO_UNAVAIL"
    site.reset()
    os.chmod(site.config, 0o644)
    expect("configuration open to everybody", unavailable, unavailable)
    os.chmod(site.config, 0o620)
    expect("configuration writable by its group", unavailable, unavailable)
    os.chown(site.config, 65534, 0)
    os.chmod(site.config, 0o600)
    expect("configuration of somebody else", unavailable, unavailable)
    os.remove(site.config)
    expect("no configuration", unavailable, unavailable)
    os.mkfifo(site.config, 0o600)
    expect("a FIFO instead of a configuration", unavailable, unavailable)
    os.remove(site.config)
    for name, text in [("misspelt key", "SECURITY_TWO_FACTER = true"), ("not TOML", "x ="), ("no keys", ""), ("NUL", "a\0")]:
        with open(site.config, "w", encoding="utf-8") as config:
            os.chmod(site.config, 0o600)
            config.write(text)
        expect("configuration: " + name, unavailable, unavailable)
    site.configure(dict(REQUIRED, SQLALCHEMY_DATABASE_URI="postgresql://localhost/x"))
    expect("a database of a kind that is not there yet", unavailable, unavailable)
    site.configure(REQUIRED)
    os.rename(site.database, site.database + ".gone")
    expect("no database", unavailable, unavailable)
    with open(site.database, "wb") as database:
        database.write(b"A" * 8192)
    expect("no SQLite file", unavailable, unavailable)
    site.reset()
    site.sql("DROP TABLE user")
    expect("no table of users", unavailable, unavailable)
    site.reset()
    with open(site.database, "r+b") as database:
        database.seek(4096)
        database.write(b"\xff" * 20000)
    expect("damaged pages", unavailable, unavailable)
    site.reset()
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    expect("an unprivileged caller", "PAM_CRED_INSUFFICIENT", "PAM_AUTHTOK_ERR", prefix=nobody)
    site.sql("PRAGMA journal_mode = DELETE")
    connection = hosts.sqlite3.connect(site.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    report = programs.run(site, "annlee", "auth", good)
    checks.equal("a locked database: authenticate", report.code("auth"), unavailable)
    report = programs.run(site, "annlee", "chauthtok", ["Xyzzy and more words"] * 2)
    checks.equal("a locked database: change", report.code("chauthtok"), "PAM_AUTHTOK_LOCK_BUSY")
    connection.execute("ROLLBACK")
    connection.close()
    site.reset()
    report = programs.run(site, "annlee", "auth", good)
    checks.equal("and all is well again", report.code("auth"), "PAM_SUCCESS")


def logs(site, checks, programs):
    site.reset()
    site.one_line("debug", "debug")
    site.one_line("quiet", "quiet")

    def ours(report):
        return [line for line in report.logs if "pam_security(" in line]

    place = ["rhost=192.0.2.7", "tty=ssh", "ruser=x y"]
    report = programs.run(site, "annlee", [*place, "auth"], [ANN_PASSWORD, hosts.totp()])
    line = (
        "INFO pam_security(one:auth): verdict=granted user=annlee account=1 uid=0 tty=ssh ruser=x\\x20y"
        " rhost=192.0.2.7 factor=all"
    )
    checks.equal("a login is one line", ours(report), [line])
    report = programs.run(site, "annlee", "auth", [ANN_PASSWORD, hosts.totp()])
    checks.equal("a refusal is one line at NOTICE", [text.split(" user")[0] for text in ours(report)],
                 ["NOTICE pam_security(one:auth): verdict=denied reason=used-code"])
    report = programs.run(site, "typed-password", "auth", ["wrong", "000000"])
    checks.true("an unknown name is not written", not any("typed-password" in text for text in report.logs), report.logs)
    report = programs.run(site, "typed-password", "auth", ["wrong-secret", "135790"], "debug")
    checks.true("but with debug", any("user=typed-password" in text for text in report.logs), report.logs)
    checks.true("debug writes no answer", not any("wrong-secret" in text or "135790" in text for text in report.logs))
    site.reset()
    report = programs.run(site, "annlee", "auth acct", [ANN_PASSWORD, hosts.totp()], "quiet")
    checks.equal("quiet hides what was granted", ours(report), [])
    report = programs.run(site, "annlee", "auth", ["wrong", "000000"], "quiet")
    checks.equal("quiet hides no refusal", len(ours(report)), 1)
    report = programs.run(site, "annlee", ["rhost=x\nverdict=granted", "auth"], ["wrong", "000000"])
    checks.equal("a host cannot forge a line", len(ours(report)), 1)
