"""A headless Chromium through its driver (W3C WebDriver), as far as these tests need it."""

import base64
import json
import re
import subprocess
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One window. Its driver runs on a port of loopback and ends with it."""

    def __init__(self, width=420, height=900):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                self.base = f"http://127.0.0.1:{found.group(1)}"
                break
        else:
            raise AssertionError("chromedriver did not start")
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                            f"--window-size={width},{height}"]}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.base += "/session/" + answer["sessionId"]
        # An element of the next page may take a moment.
        self.call("POST", "/timeouts", {"implicit": 10_000})

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    @property
    def url(self):
        return self.call("GET", "/url")

    @property
    def heading(self):
        return self.text("h1")

    def find(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return "/element/" + found[ELEMENT]

    def text(self, selector):
        return self.call("GET", self.find(selector) + "/text")

    def attribute(self, selector, name):
        return self.call("GET", f"{self.find(selector)}/attribute/{name}")

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def fill(self, **fields):
        """Types into fields by their names."""
        for name, value in fields.items():
            field = self.find(f"input[name='{name}']")
            self.call("POST", field + "/clear", {})
            self.call("POST", field + "/value", {"text": value})

    def submit(self):
        self.call("POST", self.find("button[type='submit']") + "/click", {})

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(20)
            self.driver.stdout.close()
