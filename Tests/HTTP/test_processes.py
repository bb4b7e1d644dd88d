"""Two processes over one database: what counts once counts once for both."""

import concurrent.futures

from service import PASSWORD, Client, MailServer, ServiceCase


class Pair(ServiceCase):
    mails_at_will = True

    def start(self):
        super().start()
        self.other, self.other_port = self.launch()

    def fifty(self, redeem):
        """Runs it with numbers and with clients of both processes in turn."""
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            ports = [self.port, self.other_port] * 25
            return list(pool.map(lambda pair: redeem(pair[0], Client(pair[1])), enumerate(ports)))


class TwoProcesses(Pair):
    def test_of_fifty_who_reset_a_password_one_wins(self):
        for in_json in (False, True):
            self.client().post("/reset", {"email": "ann@example.com"})
            path = self.link()

            def redeem(number, browser):
                new = f"battery staple number {number} {in_json}"
                fields = {"password": new, "password_confirm": new}
                if in_json:
                    return browser.post_json(path, fields).status == 200
                return browser.post(path, fields, at="/login").location == "/"

            self.assertEqual(self.fifty(redeem).count(True), 1)

    def test_of_fifty_who_confirm_an_address_one_wins(self):
        self.client().post("/register", {"email": "bob@example.com", "password": PASSWORD})
        path = self.link()

        def redeem(_, browser):
            browser.post(path, {}, at="/login")
            return browser.get("/change").status == 200

        self.assertEqual(self.fifty(redeem).count(True), 1)

    def test_a_session_that_ended_at_one_is_refused_at_the_other(self):
        browser = self.client()
        browser.sign_in()
        copy = Client(self.other_port)
        copy.cookies = dict(browser.cookies)
        self.assertEqual(copy.get("/change").status, 200)
        browser.get("/logout")
        self.assertEqual(copy.get("/change").status, 302)

    def test_guesses_are_counted_together(self):
        for _ in range(3):
            self.client().sign_in(password="wrong")
            Client(self.other_port).sign_in(password="wrong")
        self.assertEqual(self.client().sign_in().status, 200)
        self.assertEqual(Client(self.other_port).sign_in().status, 200)


class SignInLinks(Pair):
    settings = {"SECURITY_PASSWORDLESS": True}

    def test_of_fifty_who_sign_in_by_a_link_one_wins(self):
        self.client().post("/login", {"email": "ann@example.com"})
        path = self.link()

        def redeem(_, browser):
            browser.post(path, {}, at="/login")
            return browser.get("/change").status == 200

        self.assertEqual(self.fifty(redeem).count(True), 1)


class OneOutbox(Pair):
    settings = {"LIBSECURITY_MAIL_FIRST_ATTEMPT": "worker"}

    def test_each_mail_is_sent_once(self):
        for _ in range(20):
            self.client().post("/reset", {"email": "ann@example.com"})
            Client(self.other_port).post("/reset", {"email": "ann@example.com"})
        self.until(lambda: self.query("SELECT count(*) FROM lsec_outbox") == [(0,)])
        names = [message["Message-ID"] for message in self.mail.messages]
        self.assertEqual((len(names), len(set(names))), (40, 40))

    def test_no_mail_is_lost_while_there_is_no_server(self):
        self.mail.close()
        for _ in range(5):
            self.client().post("/reset", {"email": "ann@example.com"})
        self.until(lambda: self.query("SELECT count(*) FROM lsec_outbox WHERE attempts > 0") == [(5,)])
        self.mail = MailServer(port=self.mail.port)
        self.addCleanup(self.mail.close)
        self.query("UPDATE lsec_outbox SET due = 0")
        self.until(lambda: self.query("SELECT count(*) FROM lsec_outbox") == [(0,)])
        self.assertEqual(len({message["Message-ID"] for message in self.mail.messages}), 5)
