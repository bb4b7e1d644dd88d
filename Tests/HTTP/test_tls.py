"""TLS at the listeners: all of it, or no service."""

import ssl
import subprocess
import urllib.request

import service
from service import PATIENCE, ServiceCase


class TLS(ServiceCase):
    def test_half_of_it_is_refused(self):
        certificate, key = self.certificate()
        self.assertIn("LIBSECURITY_TLS_KEY is not", self.refused(LIBSECURITY_TLS_CERTIFICATE=str(certificate)))
        self.assertIn("LIBSECURITY_TLS_CERTIFICATE is not", self.refused(LIBSECURITY_TLS_KEY=str(key)))

    def test_files_that_cannot_be_read_are_named(self):
        certificate, key = self.certificate()
        missing = str(self.folder / "missing.pem")
        both = {"LIBSECURITY_TLS_CERTIFICATE": str(certificate), "LIBSECURITY_TLS_KEY": str(key)}
        for name in both:
            said = self.refused(**{**both, name: missing})
            self.assertIn(name, said)
            self.assertIn(missing, said)

    def test_it_is_spoken(self):
        self.stop()
        certificate, key = self.certificate()
        self.write_config({"LIBSECURITY_TLS_CERTIFICATE": str(certificate), "LIBSECURITY_TLS_KEY": str(key)})
        process = subprocess.Popen(
            [service.DIST / "sbin/securityd", "--config", self.config, "--listen", f"127.0.0.1:{self.port}"],
            stderr=self.log)
        self.addCleanup(process.wait, PATIENCE)
        self.addCleanup(process.terminate)
        context = ssl.create_default_context(cafile=certificate)

        def answers():
            try:
                with urllib.request.urlopen(f"https://127.0.0.1:{self.port}/healthz", context=context, timeout=5) as answer:
                    return answer.status == 200
            except OSError:
                return False

        self.until(answers)
