"""pam/outcomes.tsv, row by row, through the real libpam: exact codes and exact prompts."""

import os

import hosts
from hosts import ACCOUNTS, BARRED, POLICIES, RECOVERY_CODES, ROOT

PROMPTS = {"P": "Password: ", "C": "Verification code: "}
FACTORS = ["password", "code", "code nullok", "all"]
USABLE = ["app", "codes", "other", "none"]
ACCOUNT_GROUP = {
    "inactive": "PAM_PERM_DENIED",
    "unconfirmed": "PAM_PERM_DENIED",
    "not-admitted": "PAM_PERM_DENIED",
    "superuser": "PAM_PERM_DENIED",
    "unknown": "PAM_AUTH_ERR",
}


def rows():
    with open(os.path.join(ROOT, "pam", "outcomes.tsv"), encoding="utf-8") as table:
        for line in table:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def expand(field, everything):
    if field == "any":
        return everything
    return [name for part in field.split(", ") for name in (BARRED if part == "barred" else [part])]


def words(field):
    return [PROMPTS[letter] for letter in field.split() if letter in PROMPTS]


def run(checks, programs):
    site = hosts.Site()
    for name in FACTORS:
        site.one_line("factor=" + name, name.replace(" ", "-"))
    seen = 0
    for policies, accounts, factors, prompts, result, wrong_prompts in rows():
        trouble = []
        for policy in expand(policies, list(POLICIES)):
            site.configure(POLICIES[policy])
            for account in expand(accounts, USABLE + BARRED):
                for factor in expand(factors, FACTORS):
                    seen += 1
                    combination = (policy, account, factor)
                    trouble += right(site, programs, combination, words(prompts), result)
                    trouble += wrong(site, programs, combination, words(wrong_prompts), result)
        checks.equal("%s | %s | factor=%s: %s" % (policies, accounts, factors, result), trouble, [])
    checks.equal("each combination of policy, account and factor stands in the table", seen, 3 * 9 * 4)
    account_management(site, checks, programs)
    site.remove()


def right(site, programs, combination, prompts, result):
    _, account, factor = combination
    site.reset()
    user, password = ACCOUNTS[account]
    code = RECOVERY_CODES[0] if account == "codes" else hosts.totp()
    answers = [code] if factor.startswith("code") else [password, code]
    report = programs.run(site, user, "auth", answers, service=factor.replace(" ", "-"))
    # If ours is the only line, libpam turns IGNORE into PERM_DENIED.
    expected = "PAM_PERM_DENIED" if result == "PAM_IGNORE" else result
    return mismatch(combination, "right", (report.code("auth"), report.prompts), (expected, prompts))


def wrong(site, programs, combination, prompts, result):
    _, account, factor = combination
    site.reset()
    user, _ = ACCOUNTS[account]
    answers = ["000000"] if factor.startswith("code") else ["wrong", hosts.totp()]
    report = programs.run(site, user, "auth", answers, service=factor.replace(" ", "-"))
    expected = "PAM_PERM_DENIED" if result == "PAM_IGNORE" else "PAM_AUTH_ERR"
    trouble = mismatch(combination, "wrong", (report.code("auth"), report.prompts), (expected, prompts))
    if account == "app" and factor == "all":
        used = site.sql("SELECT count(*) FROM sqlite_master WHERE name = 'lsec_totp_counter'")[0][0]
        trouble += mismatch(combination, "code after a wrong password", used, 0)
    return trouble


def mismatch(combination, what, found, expected):
    return [] if found == expected else [(" ".join(combination), what, found, expected)]


def account_management(site, checks, programs):
    for policy, settings in POLICIES.items():
        site.configure(settings)
        site.reset()
        for account in USABLE + BARRED:
            expected = ACCOUNT_GROUP.get(account, "PAM_SUCCESS")
            if account == "none" and policy == "required":
                expected = "PAM_PERM_DENIED"
            report = programs.run(site, ACCOUNTS[account][0], "acct", service="all")
            checks.equal("account | %s | %s: %s" % (policy, account, expected), report.code("acct"), expected)
            checks.equal("account | %s | %s: nothing is asked" % (policy, account), report.prompts, [])
