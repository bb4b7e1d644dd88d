"""Many processes with one code, and processes that are killed."""

import os
import signal
import subprocess

import hosts
from hosts import ANN_PASSWORD, POLICIES, RECOVERY_CODES

PROCESSES = 50


def run(checks, programs):
    site = hosts.Site(dict(POLICIES["required"], LIBSECURITY_THROTTLE=False))
    site.one_line()
    for journal in ["DELETE", "WAL"]:
        for name, code in [("TOTP code", hosts.totp), ("recovery code", lambda: RECOVERY_CODES[0])]:
            site.reset()
            site.sql("PRAGMA journal_mode = " + journal)
            codes = together(site, programs, code())
            checks.equal(
                "%d logins with one %s (%s): one gets in" % (PROCESSES, name, journal),
                {each: codes.count(each) for each in set(codes)},
                {"PAM_SUCCESS": 1, "PAM_AUTH_ERR": PROCESSES - 1},
            )
        left = site.sql("SELECT mf_recovery_codes FROM user WHERE username = 'annlee'")[0][0]
        checks.equal("the other recovery codes are still there (%s)" % journal, left, ",".join(RECOVERY_CODES[1:]))
    throttled(site, checks, programs)
    killed(site, checks, programs)
    site.remove()


def together(site, programs, code, password=ANN_PASSWORD, count=PROCESSES):
    """The codes of logins that start when the last of them is ready."""
    gate_read, gate_write = os.pipe()
    processes = []
    for _ in range(count):
        command = programs.command(site, "annlee", ["auth"], [password, code])
        processes.append(
            subprocess.Popen(
                ["sh", "-c", 'read -r _ <&%d; exec "$@"' % gate_read, "sh", *command], pass_fds=[gate_read],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
            )
        )
    os.write(gate_write, b"\n" * count)
    outputs = [process.communicate(timeout=300)[0] for process in processes]
    os.close(gate_read)
    os.close(gate_write)
    return [line.split(": ")[1] for output in outputs for line in output.splitlines() if line.startswith("auth: ")]


def throttled(site, checks, programs):
    """Guesses at once buy no more of them than guesses one by one: those in progress count towards the limit."""
    site.configure(dict(POLICIES["off"], LIBSECURITY_THROTTLE_LIMIT=10, LIBSECURITY_THROTTLE_DELAY=3600))
    site.reset()
    codes = together(site, programs, "", password="wrong", count=30)
    checks.equal("30 wrong passwords at once are refused", set(codes), {"PAM_AUTH_ERR"})
    failures = site.sql("SELECT sum(failures) FROM lsec_throttle WHERE factor = 'password'")[0][0]
    checks.true("and at most the limit was checked", 0 < failures <= 10, failures)
    site.configure(dict(POLICIES["required"], LIBSECURITY_THROTTLE=False))


def killed(site, checks, programs):
    """kill -9 at every point of a login: the database stays whole, and the next login works."""
    site.reset()
    site.sql("PRAGMA journal_mode = WAL")
    for prompt in [1, 2]:
        report = programs.run(site, "annlee", "auth", [ANN_PASSWORD, "000000"], options=["-k", str(prompt)])
        checks.equal("killed at prompt %d" % prompt, report.status, -signal.SIGKILL)
    ended = 0
    for number in range(60):
        command = programs.command(site, "annlee", ["auth"], [ANN_PASSWORD, hosts.totp(steps=number % 3 - 1)])
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        # The moments are spread over the whole login; which of them hits what is left to chance.
        try:
            process.wait(0.001 * number)
        except subprocess.TimeoutExpired:
            process.kill()
            ended += process.wait() == -signal.SIGKILL
    checks.true("logins were killed under way", ended > 0, ended)
    checks.equal("the database is whole", site.sql("PRAGMA integrity_check"), [("ok",)])
    checks.equal("no key leads nowhere", site.sql("PRAGMA foreign_key_check"), [])
    report = programs.run(site, "annlee", "auth", [ANN_PASSWORD, RECOVERY_CODES[4]])
    checks.equal("the next login works", report.code("auth"), "PAM_SUCCESS")
