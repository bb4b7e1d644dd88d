"""How many messages and accounts a stranger can ask for; docs/known-attacks.md names these tests."""

import time

from service import PASSWORD, ServiceCase


class Limits(ServiceCase):
    settings = {"LIBSECURITY_MAIL_FIRST_ATTEMPT": "worker"}

    def rows(self):
        return self.query("SELECT count(*) FROM lsec_outbox")[0][0]

    def ask(self, path, name="ann", **more):
        return self.client().post_json(path, {"email": f"{name}@example.com", **more})

    @staticmethod
    def plain(answer):
        return answer.status, {key: value for key, value in answer.json.items() if key != "csrf_token"}

    def hold_mails(self):
        """Nothing leaves the outbox."""
        self.mail.mode = "refuse"


class Account(Limits):
    def test_a_second_link_within_the_interval_answers_alike_and_is_not_sent(self):
        self.hold_mails()
        first = self.ask("/reset")
        for spelling in ("ann", "Ann", "ANN"):
            self.assertEqual(self.plain(self.ask("/reset", spelling)), self.plain(first))
        self.assertEqual(self.rows(), 1)
        self.assertEqual(self.said("message not sent: limit=interval kind=reset_instructions"), 3)
        self.assertEqual(self.said("ann@"), 0)
        # Another kind is another mail.
        self.ask("/register", password=PASSWORD)
        self.assertEqual(self.rows(), 1)

    def test_the_first_link_stays_good(self):
        self.ask("/reset")
        self.until(lambda: self.mail.messages)
        self.ask("/reset")
        link = self.link()
        answer = self.client().post(link, {"password": "n" * 20, "password_confirm": "n" * 20}, at=link)
        self.assertEqual((answer.status, answer.location), (302, "/"))

    def test_an_hour_has_a_number_of_mails_for_an_address(self):
        self.restart(LIBSECURITY_MAIL_INTERVAL=0, LIBSECURITY_MAIL_HOURLY_ACCOUNT=3)
        self.hold_mails()
        for _ in range(6):
            self.assertEqual(self.ask("/reset").status, 200)
        self.assertEqual(self.rows(), 3)
        self.assertEqual(self.said("limit=account"), 3)
        self.query("UPDATE lsec_rate SET began = began - 3600000001")
        self.ask("/reset")
        self.assertEqual(self.rows(), 4)

    def test_strangers_do_not_keep_a_notice_from_its_owner(self):
        self.restart(LIBSECURITY_MAIL_HOURLY_ACCOUNT=1, LIBSECURITY_MAIL_HOURLY_ORIGIN=1, LIBSECURITY_OUTBOX_MAX=1)
        self.hold_mails()
        self.ask("/reset")
        self.ask("/reset")
        browser = self.client()
        browser.sign_in()
        browser.post("/change", {"password": PASSWORD, "new_password": "n" * 20, "new_password_confirm": "n" * 20})
        self.assertEqual(self.query("SELECT subject FROM lsec_outbox ORDER BY id"),
                         [("Password reset instructions",), ("Your password has been changed",)])


class Places(Limits):
    settings = {**Limits.settings, "LIBSECURITY_MAIL_HOURLY_ORIGIN": 3, "LIBSECURITY_REGISTER_HOURLY_ORIGIN": 2}

    def accounts(self, count):
        for number in range(count):
            self.ctl("users", "create", f"a{number}@example.com", "--password", PASSWORD, "--active")
            self.ctl("users", "confirm", f"a{number}@example.com")

    def test_one_origin_asks_for_a_number_of_mails(self):
        self.accounts(6)
        self.hold_mails()
        first = self.ask("/reset", "a0")
        for number in range(1, 6):
            self.assertEqual(self.plain(self.ask("/reset", f"a{number}")), self.plain(first))
        self.assertEqual(self.rows(), 3)
        self.assertEqual(self.said("limit=origin"), 3)

    def test_behind_an_unlisted_proxy_nobody_keeps_the_mails_of_others(self):
        self.accounts(6)
        self.hold_mails()
        behind = {"X-Forwarded-For": "192.0.2.7"}
        for number in range(6):
            self.client().post_json("/reset", {"email": f"a{number}@example.com"}, headers=behind)
        self.assertEqual(self.rows(), 6)
        # Beyond the count that they share each address has one of a kind in an hour.
        self.query("UPDATE lsec_rate SET began = began - 120000000")
        self.client().post_json("/reset", {"email": "a1@example.com"}, headers=behind)
        self.assertEqual(self.rows(), 6)

    def test_one_origin_makes_a_number_of_accounts(self):
        answers = [self.ask("/register", f"new{number}", password=PASSWORD) for number in range(4)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 429, 429])
        self.assertTrue(answers[2].headers["Retry-After"])
        self.assertEqual(self.query("SELECT count(*) FROM user"), [(3,)])
        page = self.client().post("/register", {"email": "new9@example.com", "password": PASSWORD})
        self.assertEqual(page.status, 429)

    def test_a_taken_address_counts_as_a_new_one(self):
        self.restart(SECURITY_RETURN_GENERIC_RESPONSES=True)
        answers = [self.ask("/register", "ann", password=PASSWORD) for _ in range(3)]
        self.assertEqual([answer.status for answer in answers], [200, 200, 429])


class Disk(Limits):
    settings = {**Limits.settings, "LIBSECURITY_OUTBOX_MAX": 2, "LIBSECURITY_MAIL_INTERVAL": 0}

    def test_the_outbox_is_bounded(self):
        self.hold_mails()
        for _ in range(5):
            self.assertEqual(self.ask("/reset").status, 200)
        self.assertEqual(self.rows(), 2)
        self.assertEqual(self.said("limit=outbox"), 3)

    def test_messages_that_were_given_up_are_bounded(self):
        self.mail.mode = "reject"
        for _ in range(5):
            self.ask("/reset")
            self.until(lambda: self.query("SELECT count(due) FROM lsec_outbox") == [(0,)])
        self.assertEqual(self.rows(), 2)

    def test_a_message_that_was_given_up_keeps_no_expired_link(self):
        self.restart(SECURITY_RESET_PASSWORD_WITHIN="2 seconds")
        self.mail.mode = "reject"
        self.ask("/reset")
        self.until(lambda: self.query("SELECT count(due), count(*) FROM lsec_outbox") == [(0, 1)])
        number = self.query("SELECT id FROM lsec_outbox")[0][0]
        self.query("UPDATE lsec_outbox SET expires = 1")
        # Another one that is given up, or a minute, has it looked at.
        self.ask("/reset")
        self.until(lambda: self.query("SELECT message FROM lsec_outbox WHERE id = ?", number) == [("",)])
        self.assertEqual(self.query("SELECT recipient FROM lsec_outbox WHERE id = ?", number), [("ann@example.com",)])

    def test_the_counts_of_strangers_go(self):
        self.restart(SECURITY_RETURN_GENERIC_RESPONSES=True)
        for number in range(30):
            self.ask("/reset", f"nobody{number}")
        self.query("UPDATE lsec_rate SET began = 1")
        for number in range(30):
            self.ask("/reset", f"somebody{number}")
        self.assertLess(self.query("SELECT count(*) FROM lsec_rate WHERE began = 1")[0][0], 10)


class Off(Limits):
    settings = {**Limits.settings, "LIBSECURITY_THROTTLE": False}

    def test_the_throttle_switches_the_limits_off(self):
        self.hold_mails()
        for _ in range(12):
            self.ask("/reset")
        self.assertEqual(self.rows(), 12)

    def test_two_links_of_one_second_are_two_links(self):
        self.restart(SECURITY_PASSWORDLESS=True, LIBSECURITY_MAIL_FIRST_ATTEMPT="request")
        for _ in range(4):
            self.ask("/login")
        links = {self.link(index) for index in range(4)}
        self.assertEqual(len(links), 4)
        for link in links:
            self.assertEqual(self.client().post(link, {}, at=link).location, "/", link)
