"""Messages in every language that Flask-Security brings along: its own texts and catalogues, rendered on both sides."""
import json
import subprocess
import unittest

from case import both_releases, library
from coverage import covers

# Runs with the Python of that release: every message, as gettext and Python's % operator make it of its catalogues.
THERE = """
import gettext, json, pathlib, re, flask_security
from flask_security import core
folder = pathlib.Path(flask_security.__file__).parent / "translations"
result = {"folder": str(folder), "texts": {}, "messages": {}}
for name, (text, level) in core._default_messages.items():
    names = re.findall(r"%\\((\\w+)\\)[sd]", str(text))
    result["messages"][name] = {"text": str(text), "level": level, "names": names}
for language in sorted(path.name for path in folder.iterdir() if (path / "LC_MESSAGES" / "flask_security.mo").exists()):
    catalogue = gettext.translation("flask_security", folder, [language])
    texts = result["texts"][language] = {}
    for name, message in result["messages"].items():
        values = {one: 7 if f"%({one})d" in message["text"] else f"<{one}>" for one in message["names"]}
        try:
            text = catalogue.gettext(message["text"])
            texts[name] = text % values if values else text
        except (KeyError, TypeError, ValueError):
            texts[name] = None
print(json.dumps(result))
"""


def configuration_keys():
    """The table of keys of this build."""
    command = [str(library().dist / "bin/securityctl"), "config", "keys", "--json"]
    return json.loads(subprocess.run(command, check=True, text=True, capture_output=True).stdout)


def is_known(name, message, defaults):
    """Whether our catalogue has the message, with the placeholders that this release fills in."""
    default = defaults.get(f"SECURITY_MSG_{name}")
    return bool(default) and all(f"%({one})" in default for one in message["names"])


@both_releases
class Messages:
    @covers("translated messages (MO)", reads=True)
    def test_every_message_is_the_same_text_in_every_language(self):
        command = [self.there.python, "-W", "ignore", "-c", THERE]
        done = subprocess.run(command, check=True, text=True, capture_output=True)
        there = json.loads(done.stdout)
        # A later release words some messages anew; its texts come from the configuration, as any site's do.
        keys = configuration_keys()
        defaults = {key["key"]: key["default"] for key in keys}
        reworded = {f"SECURITY_MSG_{name}": [message["text"], message["level"]]
                    for name, message in there["messages"].items() if "%(length) " not in message["text"]
                    and is_known(name, message, defaults)}
        self.start(SECURITY_I18N_DIRNAME=there["folder"], LIBSECURITY_I18N_DIRNAME="", **reworded)
        compared = 0
        for language, texts in there["texts"].items():
            for name, expected in texts.items():
                message = there["messages"][name]
                if expected is None or f"SECURITY_MSG_{name}" not in reworded:
                    continue
                values = [(one, "7" if f"%({one})d" in message["text"] else f"<{one}>") for one in message["names"]]
                with self.subTest(language=language, message=name):
                    self.assertEqual(self.here.message(name, language, values), (expected, message["level"]))
                    compared += 1
        self.assertGreater(compared, 1000)
        self.assertGreater(len({texts["INVALID_PASSWORD"] for texts in there["texts"].values()}), 12)


if __name__ == "__main__":
    unittest.main()
