"""The driver's side of fs_app.py: one process with a real Flask-Security."""
import json
import os
import subprocess
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent


class PeerError(AssertionError):
    """Flask-Security raised; the text is its traceback."""


class Peer:
    """Flask-Security of one release in its own process. `peer.create_user(email=...)` calls that command there."""

    def __init__(self, python, release, model):
        self.python, self.release, self.model = python, release, model
        self._config = None
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [python, "-W", "ignore", str(HERE / "fs_app.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __getattr__(self, name):
        return lambda **arguments: self._ask(name, arguments)

    def start(self, config, model=None, create_all=True):
        """Starts the application with a configuration."""
        self._config = str(config)
        return self.open(config=self._config, model=model or self.model, create_all=create_all)

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _ask(self, name, arguments):
        with self._lock:
            self._process.stdin.write(json.dumps({"do": name, **arguments}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        if not line:
            raise PeerError(f"Flask-Security {self.release} ended during {name}")
        answer = json.loads(line)
        if "error" in answer:
            raise PeerError(f"Flask-Security {self.release}, {name}:\n{answer['error']}")
        return answer["value"]

    # Requests by name.

    def post(self, session, path, data, **more):
        return self.request(session=session, method="POST", path=path, data=data, **more)

    def get(self, session, path, **more):
        return self.request(session=session, method="GET", path=path, **more)

    def login(self, session, email, password, code=None, recovery_code=None, address="192.0.2.1"):
        """Signs in, with the second factor when one is given; whether the session is signed in now."""
        self.post(session, "/login", {"email": email, "password": password}, address=address)
        if code is not None:
            self.post(session, "/tf-validate", {"code": code}, address=address)
        if recovery_code is not None:
            self.post(session, "/mf-recovery", {"code": recovery_code}, address=address)
        return self.is_signed_in(session, email, address)

    def is_signed_in(self, session, email, address="192.0.2.1"):
        answer = self.get(session, "/private", address=address)
        return answer["status"] == 200 and answer["text"] == email

    def flask(self, *arguments):
        """The library's command line in a process of its own."""
        environment = {**os.environ, "LAB_CONFIG": self._config, "LAB_MODEL": self.model, "PYTHONPATH": str(HERE)}
        command = [self.python, "-W", "ignore", "-m", "flask", "--app", "fs_app:from_environment", *arguments]
        return subprocess.run(command, env=environment, text=True, capture_output=True, timeout=60)
