"""When a login is recorded, for whom, and from where: `factor=code`, PAM_USER, origins that cannot be seen."""

import hosts
from hosts import ANN_PASSWORD, POLICIES, RECOVERY_CODES

TRACKED = "SELECT coalesce(login_count, 0), current_login_ip FROM user WHERE username = 'annlee'"
RHOST = "rhost=192.0.2.7"


def run(checks, programs):
    site = hosts.Site(dict(POLICIES["opt-in"], SECURITY_TRACKABLE=True))
    site.one_line("factor=code", "code")
    site.service("refused", "auth required pam_deny.so", "auth required @ factor=code fresh", "account required @")
    site.service("no-account", "auth required @ factor=code fresh", "account required pam_permit.so")
    code_behind_a_refusal(site, checks, programs)
    recorded_once(site, checks, programs)
    another_user(site, checks, programs)
    strangers(site, checks, programs)
    unseen(site, checks, programs)
    site.remove()


def rows(site, table):
    if not site.sql("SELECT 1 FROM sqlite_master WHERE name = ?", table):
        return 0
    return site.sql("SELECT count(*) FROM " + table)[0][0]


def state(site):
    """What a login writes: count, address, places, freshness."""
    return (*site.sql(TRACKED)[0], rows(site, "lsec_origin"), rows(site, "lsec_freshness"))


def code_behind_a_refusal(site, checks, programs):
    site.reset()
    code = hosts.totp()
    before = state(site)
    # An application that calls on in spite of the refusal only ends its credentials.
    report = programs.run(site, "annlee", ["tty=pts/7", "auth", "setcred-delete", "end"], [code], "refused")
    checks.equal("a right code behind a refused module is refused", report.code("auth"), "PAM_AUTH_ERR")
    checks.true("the log has the module's own verdict", any("verdict=granted" in line for line in report.logs), report.logs)
    checks.equal("and is not recorded as a login", state(site), before)
    report = programs.run(site, "annlee", ["tty=pts/7", "auth", "acct", "setcred"], [code], "no-account")
    checks.equal("but the code is used up", report.code("auth"), "PAM_AUTH_ERR")


def recorded_once(site, checks, programs):
    for name, service, operations in [
        ("account", "code", "auth acct setcred acct"), ("setcred", "no-account", "auth acct setcred setcred"),
        ("refreshed credentials, as screen lockers ask", "no-account", "auth setcred-refresh"),
        ("credentials of another user, as sudo sets them", "no-account", "auth acct user=root setcred"),
        ("the end alone", "no-account", "auth"),
    ]:
        site.reset()
        report = programs.run(site, "annlee", [RHOST, *operations.split()], [hosts.totp()], service)
        checks.equal("a right code is recorded once: " + name, (site.sql(TRACKED)[0], rows(site, "lsec_origin")),
                     ((1, "192.0.2.7"), 1))
        recorded = [line for line in report.logs if "verdict=recorded" in line]
        checks.equal("and the log says so: " + name, len(recorded), 1)
    site.reset()
    programs.run(site, "annlee", [RHOST, "auth"], [hosts.totp()], "code")
    checks.equal("an application that only authenticates records when it ends with success", state(site)[0:3:2], (1, 1))
    site.reset()
    programs.run(site, "annlee", [RHOST, "auth", "fork"], [hosts.totp()], "refused")
    checks.equal("and nothing when it ends with a refusal", state(site)[0:3:2], (0, 0))
    site.reset()
    programs.run(site, "annlee", [RHOST, "auth", "auth", "acct"], [hosts.totp(), "000000"], "code")
    checks.equal("what a failed attempt follows is dropped", state(site)[0:3:2], (0, 0))
    site.reset()
    programs.run(site, "annlee", [RHOST, "auth", "user=lea", "acct"], [hosts.totp()], "code")
    checks.equal("account management of another user records nothing", state(site)[0:3:2], (0, 0))


def another_user(site, checks, programs):
    site.one_line("", "whole")
    for name, answers in [
        ("password", ["@user:lea:" + ANN_PASSWORD, hosts.totp()]), ("code", [ANN_PASSWORD, "@user:lea:" + hosts.totp()]),
        ("unknown", ["@user::" + ANN_PASSWORD, hosts.totp()]),
    ]:
        site.reset()
        before = state(site)
        report = programs.run(site, "annlee", [RHOST, "auth"], answers, "whole")
        checks.equal("PAM_USER changed at the prompt: " + name, report.code("auth"), "PAM_SYSTEM_ERR")
        checks.equal("nothing is recorded: " + name, state(site), before)
    site.reset()
    before = site.sql("SELECT username, password FROM user ORDER BY id")
    new = "a new and long password"
    report = programs.run(site, "annlee", "chauthtok", [new, "@user:lea:" + new], "whole")
    checks.equal("PAM_USER changed while a password is typed", report.code("chauthtok"), "PAM_SYSTEM_ERR")
    checks.equal("no password is stored", site.sql("SELECT username, password FROM user ORDER BY id"), before)


def age(site):
    """Lets every delay pass."""
    site.sql("UPDATE lsec_throttle SET updated = updated - 4000 * 1000000")


def strangers(site, checks, programs):
    """Attack 6: strangers who know a name and no password."""
    site.reset()
    programs.run(site, "annlee", [RHOST, "auth", "acct"], [hosts.totp()], "code")
    for turn in range(104):
        programs.run(site, "annlee", ["rhost=203.0.113.%d" % (turn % 50), "auth"], ["000000"], "code")
        age(site)
    failures = site.sql("SELECT factor, sum(failures) FROM lsec_throttle GROUP BY 1")
    checks.equal("strangers' codes are counted up to the limit, as codes alone", failures, [("code-alone", 100)])
    report = programs.run(site, "annlee", [RHOST, "auth"], [RECOVERY_CODES[0]], "code")
    checks.equal("the owner is let in at a known place", report.code("auth"), "PAM_SUCCESS")
    report = programs.run(site, "annlee", ["rhost=198.51.100.1", "auth"], [ANN_PASSWORD, RECOVERY_CODES[1]], "whole")
    checks.equal("and from anywhere behind the password", report.code("auth"), "PAM_SUCCESS")
    for name in ["annlee", "dan", "nobody-here"]:
        site.reset()
        programs.run(site, name, [RHOST, "auth"], ["000000"], "code")
        counted = site.sql("SELECT factor, failures, pending FROM lsec_throttle")
        checks.equal("codes alone are counted alike: " + name, counted, [("code-alone", 1, 0)])


def unseen(site, checks, programs):
    """Attack 16: services that name no remote host."""
    site.one_line("factor=password", "first")
    for terminal in ["tty=openvpn", "tty=ssh", "tty=cron", "tty="]:
        site.reset()
        # An account without a second factor: its password is a whole login.
        name, password = hosts.ACCOUNTS["none"]
        report = programs.run(site, name, [terminal, "auth"], [password], "first")
        for _ in range(3):
            programs.run(site, name, [terminal, "auth"], ["wrong"], "first")
        origins = site.sql("SELECT DISTINCT origin FROM lsec_throttle")
        checks.equal("an origin that cannot be seen (%s)" % terminal, (report.code("auth"), origins),
                     ("PAM_SUCCESS", [("unseen:service",)]))
        checks.equal("is no place (%s)" % terminal, rows(site, "lsec_origin"), 0)
    for terminal in ["tty=pts/3", "tty=/dev/tty1", "tty=:0"]:
        site.reset()
        programs.run(site, "annlee", [terminal, "auth", "acct"], [hosts.totp()], "code")
        checks.equal("a terminal is a place (%s)" % terminal, site.sql("SELECT origin FROM lsec_origin"), [("uid:0",)])
