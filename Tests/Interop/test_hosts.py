"""The application's accounts on hosts: pam_security.so under the real libpam."""
import functools
import os
import subprocess
import unittest

from case import HERE, PASSWORD, both_releases, library

NEW_PASSWORD = "another long enough password"


@functools.cache
def pamhost():
    """The scripted host program of Tests/Hosts, compiled once."""
    program, source = HERE.parent.parent / ".build-venv/pamhost", HERE.parent / "Hosts/pamhost.c"
    subprocess.run(["gcc", "-O1", "-o", program, source, "-lpam"], check=True)
    return program


@both_releases
class Hosts:
    def pam(self, user, *answers, operations=("auth", "acct")):
        """What libpam returned for the operations."""
        folder = self.folder / "pam.d"
        folder.mkdir(exist_ok=True)
        module = library().dist / "lib/security/pam_security.so"
        groups = ("auth", "account", "password", "session")
        (folder / "interop").write_text("".join(f"{group} required {module} config={self.config}\n" for group in groups))
        typed = [word for answer in answers for word in ("-a", answer)]
        done = subprocess.run([pamhost(), *typed, folder, "interop", user, *operations],
                              text=True, capture_output=True, timeout=60)
        lines = [line.partition(": ") for line in done.stdout.splitlines()]
        return [code for name, _, code in lines if name in operations]

    def test_an_account_made_there_logs_in_with_password_and_code(self):
        self.start()
        email = self.made_there(username="annlee")
        self.assertEqual(self.pam("annlee", PASSWORD), ["PAM_SUCCESS", "PAM_SUCCESS"])
        self.assertEqual(self.pam("annlee", "wrong")[0], "PAM_AUTH_ERR")
        session = self.signed_in_there(email)
        app = self.enrolled_there(session, email)
        used = app.code()
        self.assertEqual(self.pam("annlee", PASSWORD, used), ["PAM_SUCCESS", "PAM_SUCCESS"])
        self.assertEqual(self.pam("annlee", PASSWORD, used)[0], "PAM_AUTH_ERR")
        codes = self.there.post(session, "/mf-recovery-codes", {})["recovery_codes"]
        self.assertEqual(self.pam("annlee", PASSWORD, codes[0]), ["PAM_SUCCESS", "PAM_SUCCESS"])
        self.assert_out_there(email, PASSWORD, recovery_code=codes[0])
        self.there.set_active(email=email, active=False)
        self.assertEqual(self.pam("annlee", PASSWORD, app.code())[0], "PAM_AUTH_ERR")

    def test_a_password_changed_by_passwd_holds_there(self):
        self.start()
        email = self.made_there(username="annlee")
        session = self.signed_in_there(email)
        # root is not asked for the old one.
        answers = [*([] if os.getuid() == 0 else [PASSWORD]), NEW_PASSWORD, NEW_PASSWORD]
        self.assertEqual(self.pam("annlee", *answers, operations=("chauthtok",)), ["PAM_SUCCESS"])
        self.assertFalse(self.there.is_signed_in(session, email))
        self.assert_out_there(email, PASSWORD)
        self.assert_in_there(email, NEW_PASSWORD)

    def test_a_host_s_roles_are_the_application_s_roles(self):
        self.start(LIBSECURITY_PAM_ROLES_ACCEPTED=["staff"])
        email = self.made_there(username="annlee")
        self.assertEqual(self.pam("annlee", PASSWORD)[0], "PAM_AUTH_ERR")
        self.there.add_role(email=email, role="staff")
        self.assertEqual(self.pam("annlee", PASSWORD), ["PAM_SUCCESS", "PAM_SUCCESS"])


if __name__ == "__main__":
    unittest.main()
