"""`make soak`: mixed load for SOAK_SECONDS (600) while the database is locked, the mail server is down and the configuration is
read anew every now and then. Nothing but 503 may answer instead of the service, no mail may be lost, nothing may grow.
"""

import collections
import os
import pathlib
import random
import re
import signal
import sqlite3
import sys
import threading
import time

from service import PASSWORD, ServiceCase

SECONDS = int(os.environ.get("SOAK_SECONDS", "600"))
CLIENTS = 6
# Growth that measuring alone makes: allocators keep what a burst needed.
MOST_KIB, MOST_DESCRIPTORS = 6 * 1024, 8


class Soak(ServiceCase):
    mails_at_will = True
    settings = {
        "LIBSECURITY_MAIL_FIRST_ATTEMPT": "worker", "LIBSECURITY_THROTTLE": False,
        "LIBSECURITY_PROXY_FIX": {"trusted": ["127.0.0.1"]},
    }
    tables = """
[[LIBSECURITY_PROTECTED]]
path = "/page"
mechanisms = ["token", "session"]
content = "A page"
"""

    def test_nothing_is_lost_and_nothing_grows(self):
        self.random = random.Random(1)
        self.statuses, self.failures, self.wanted = collections.Counter(), [], collections.Counter()
        self.lock, self.over = threading.Lock(), threading.Event()
        token = self.client().post_json("/login?include_auth_token", {"email": "ann@example.com", "password": PASSWORD})
        self.token = token.json["user"]["authentication_token"]
        troubles = [threading.Thread(target=trouble) for trouble in (self.lock_database, self.stop_mail, self.read_anew)]
        clients = [threading.Thread(target=self.visit, args=(number,)) for number in range(CLIENTS)]
        for thread in troubles + clients:
            thread.start()
        figures = self.watch()
        self.over.set()
        for thread in troubles + clients:
            thread.join(60)
        self.mail.mode = "take"
        self.drain()
        self.judge(figures)

    # What the clients do.

    def visit(self, number):
        mixed = random.Random(number)
        doings = [self.see_page, self.see_page, self.use_token, self.use_token, self.ask_authz, self.sign_in_and_out,
                  self.sign_in_wrongly, self.forget]
        while not self.over.is_set():
            doing = mixed.choice(doings)
            try:
                doing(number)
            except (OSError, AssertionError) as error:
                # A page that says 503 has no token.
                if "503" not in str(error):
                    self.note(f"{doing.__name__}: {error!r}")

    def count(self, name, answer):
        with self.lock:
            self.statuses[name, answer.status] += 1
            if answer.status >= 500 and answer.status != 503:
                self.failures.append(f"{name}: {answer.status} {answer.body[:200]}")
        return answer

    def note(self, failure):
        with self.lock:
            self.failures.append(failure[:300])

    def token_of(self, client):
        page = self.count("GET /login", client.get("/login"))
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.body)
        if not found:
            raise AssertionError(f"{page.status}")
        return found.group(1)

    def see_page(self, _):
        self.count("GET /login", self.client().get("/login"))

    def use_token(self, _):
        answer = self.client().get("/page", headers={"Authentication-Token": self.token})
        self.count("token GET", answer)
        if answer.status not in (200, 503):
            self.note(f"token GET: {answer.status}")

    def ask_authz(self, _):
        headers = {"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/page", "Authentication-Token": self.token}
        self.count("/authz", self.client().get("/authz", headers=headers))

    def sign_in_and_out(self, _):
        client = self.client()
        form = {"email": "ann@example.com", "password": PASSWORD, "csrf_token": self.token_of(client)}
        self.count("POST /login", client.request("POST", "/login", form=form))
        self.count("GET /logout", client.get("/logout"))

    def sign_in_wrongly(self, _):
        client = self.client()
        form = {"email": "ann@example.com", "password": "wrong", "csrf_token": self.token_of(client)}
        self.count("POST /login, wrong", client.request("POST", "/login", form=form))

    def forget(self, _):
        client = self.client()
        form = {"email": "ann@example.com", "csrf_token": self.token_of(client)}
        if self.count("POST /reset", client.request("POST", "/reset", form=form)).status == 200:
            with self.lock:
                self.wanted["mails"] += 1

    # What goes wrong meanwhile.

    def until_next(self, least, most):
        return not self.over.wait(self.random.uniform(least, most))

    def lock_database(self):
        while self.until_next(4, 8):
            connection = sqlite3.connect(self.database, timeout=30, isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            self.over.wait(self.random.choice([0.2, 1, 4]))
            connection.execute("ROLLBACK")
            connection.close()

    def stop_mail(self):
        while self.until_next(5, 15):
            self.mail.mode = self.random.choice(["refuse", "drop"])
            self.over.wait(self.random.uniform(1, 6))
            self.mail.mode = "take"
            # The next attempt would be minutes away.
            self.hasten()

    def read_anew(self):
        while self.until_next(2, 4):
            self.process.send_signal(signal.SIGHUP)

    def hasten(self):
        self.query("UPDATE lsec_outbox SET due = 0 WHERE due > 0 AND attempts > 0")

    # What is looked at.

    def figures(self):
        """Resident memory in KiB, and open descriptors."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        resident = int(re.search(r"VmRSS:\s+(\d+)", status).group(1))
        return resident, len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def watch(self):
        """A figure a second, shown every ten."""
        figures, begin = [], time.monotonic()
        while (passed := time.monotonic() - begin) < SECONDS:
            time.sleep(1)
            figures.append(self.figures())
            if len(figures) % 10 == 0:
                with self.lock:
                    requests = sum(self.statuses.values())
                print(f"soak: {passed:4.0f} s of {SECONDS}, {requests} requests, {len(self.mail.messages)} mails, "
                      f"{figures[-1][0] / 1024:.1f} MiB, {figures[-1][1]} descriptors", file=sys.__stderr__, flush=True)
        return figures

    def drain(self):
        for _ in range(300):
            self.hasten()
            if self.query("SELECT count(*) FROM lsec_outbox") == [(0,)]:
                return
            time.sleep(0.2)
        self.fail(f"mails are left: {self.query('SELECT id, attempts, due, error FROM lsec_outbox LIMIT 5')}")

    def judge(self, figures):
        rows = "".join(f"\n{name:20} {status} {count:7}" for (name, status), count in sorted(self.statuses.items()))
        print(f"soak: {sum(self.statuses.values())} requests{rows}", file=sys.__stderr__)
        self.assertEqual(self.failures, [], f"{len(self.failures)} failures")
        names = {message["Message-ID"] for message in self.mail.messages}
        print(f"soak: {self.wanted['mails']} mails wanted, {len(names)} came, {len(self.mail.messages) - len(names)} twice",
              file=sys.__stderr__)
        self.assertEqual(len(names), self.wanted["mails"])
        third = len(figures) // 3
        early, late = figures[third:2 * third], figures[2 * third:]
        for index, (what, most) in enumerate((("KiB", MOST_KIB), ("descriptors", MOST_DESCRIPTORS))):
            before, after = (sorted(row[index] for row in part)[len(part) // 2] for part in (early, late))
            print(f"soak: {what} in the second third {before}, in the last {after}", file=sys.__stderr__)
            self.assertLessEqual(after - before, most, what)
