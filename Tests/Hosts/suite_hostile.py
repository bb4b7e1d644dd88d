"""A database whose writer is hostile: uid 40001, which has nothing but the database's group, against logins and securityctl as root.

Whatever it does, no file but the database's own is touched, nothing takes longer than a login may, nothing takes much memory, and
nobody is granted whom the rows do not grant."""

import hashlib
import os
import random
import shutil
import signal
import subprocess

import hosts

WEB = 40001
# A login has five seconds inside of SQLite; the rest is for a slow machine.
SECONDS = 15
# Beyond what an honest login takes, in KiB.
MEMORY = 64 * 1024
NAME, PASSWORD = hosts.ACCOUNTS["none"]
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
GREEDY = (
    "WITH RECURSIVE c(x, y) AS (SELECT 1, zeroblob(900000000) UNION ALL SELECT x + 1, zeroblob(900000000) FROM c"
    " WHERE x < 20) SELECT x, max(y) FROM c GROUP BY x ORDER BY hex(y)"
)
# A rollback journal without pages that names another file as its super-journal.
JOURNAL = """
import struct
data = open(db, 'rb').read()
size = struct.unpack('>H', data[16:18])[0]
magic = bytes([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7])
head = (magic + struct.pack('>IIIII', 0, 0, len(data) // size, 512, size)).ljust(512, b'\\0')
name = VICTIM.encode()
tail = struct.pack('>I', 0x40000000 // size + 1) + name + struct.pack('>II', len(name), sum(name)) + magic
open(db + '-journal', 'wb').write(head + tail)
"""
# What a schema may make a login compute, by column constraints and indexes of a table that each login writes to.
BLOB = "hex(zeroblob(250000))"
EXPRESSIONS = {
    "a search": f"instr({BLOB}, substr({BLOB}, 1, 250000) || '1') = 0",
    "a long search": f"instr({BLOB}, substr({BLOB}, 1, 250000) || '1') + " * 40 + "0 = 0",
    "a replacement": f"replace({BLOB}, substr({BLOB}, 1, 250000) || '1', '2') <> ''",
    "trimming": f"trim({BLOB}, {BLOB} || '1') <> 'x'",
    "a pattern": f"({BLOB} LIKE '%' || substr({BLOB}, 1, 40000) || '1') = 0",
    "a set of characters": f"({BLOB} GLOB '*[' || substr({BLOB}, 1, 40000) || '1]') = 0",
    "a wide column": "length(printf('%*s', 900000000, 'x')) > 0",
    "a large blob": "length(zeroblob(900000000)) > 0",
    "many random blobs": "failures NOT IN (" + ", ".join(f"-{n} - length(randomblob(900000))" for n in range(1, 1500)) + ")",
    "many numbers": "failures NOT IN (" + ", ".join(f"-{n} - {BLOB}" for n in range(1, 1500)) + ")",
}


def statements(*texts, mode=None):
    """Code that runs SQL on the database."""
    texts = ([f"PRAGMA journal_mode = {mode}"] if mode else []) + list(texts)
    return "".join(f"sql({text!r})\n" for text in texts)


def beside(kind, suffix):
    """Code that puts something that is not a regular file beside the database."""
    mode = "delete" if suffix == "-journal" else "wal"
    make = {
        "FIFO": f"os.mkfifo(db + '{suffix}', 0o666)", "folder": f"os.mkdir(db + '{suffix}')",
        "link": f"os.symlink(VICTIM, db + '{suffix}')",
    }[kind]
    return statements(mode=mode) + "connection.close()\nimport glob\n[os.remove(name) for name in glob.glob(db + '-*')]\n" + make


def holding(*texts, mode="delete"):
    """Code that holds a lock for longer than anybody waits."""
    return statements(*texts, mode=mode) + "print('held', flush=True)\ntime.sleep(100)\n"


def wide(table, column, constraint):
    return f"ALTER TABLE {table} ADD COLUMN {column} INTEGER {constraint}"


# Name, code, what becomes of a right password: True granted, False refused, None either.
CASES = [
    ("an honest database", "", True),
    ("a super-journal of root's", JOURNAL, False),
    ("an endless trigger", statements(f"CREATE TRIGGER t BEFORE INSERT ON lsec_throttle BEGIN SELECT ({ENDLESS}); END"), True),
    ("a greedy trigger", statements(f"CREATE TRIGGER t BEFORE UPDATE ON lsec_throttle BEGIN SELECT * FROM ({GREEDY}); END"), True),
    ("a trigger on accounts", statements(f"CREATE TRIGGER t BEFORE UPDATE ON user BEGIN SELECT ({ENDLESS}); END"), True),
    ("a view in place of counts", statements("DROP TABLE lsec_throttle", f"CREATE VIEW lsec_throttle AS {ENDLESS}"), False),
    ("a view in place of accounts", statements(
        "ALTER TABLE user RENAME TO other", f"CREATE VIEW user AS SELECT o.*, ({ENDLESS}) endless FROM other o"), False),
    ("a view in place of roles", statements("ALTER TABLE role RENAME TO other", f"CREATE VIEW role AS SELECT *, ({ENDLESS}) x FROM other"), False),
    ("a search engine in place of counts", statements(
        "DROP TABLE lsec_throttle",
        "CREATE VIRTUAL TABLE lsec_throttle USING fts5(subject, factor, origin, failures, pending, updated)"), False),
    ("a huge value in an index", statements(
        f"UPDATE user SET username = '{NAME}' || hex(zeroblob(60000000)) WHERE username = 'ken'"), None),
    ("a huge value in the account", statements(
        f"UPDATE user SET password = hex(zeroblob(60000000)) WHERE username = '{NAME}'"), False),
    ("a huge address", statements(f"UPDATE user SET email = hex(zeroblob(60000000)) WHERE username = '{NAME}'"), False),
    ("many roles", statements(
        "CREATE TABLE n AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 3000) SELECT x FROM c",
        "INSERT INTO role (name) SELECT x || hex(zeroblob(20000)) FROM n",
        f"INSERT INTO roles_users SELECT u.id, r.id FROM user u, role r WHERE u.username = '{NAME}'"), False),
    ("many counts", statements(
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000) INSERT INTO lsec_throttle"
        f" SELECT 'user:' || u.id, 'password', 'ip:' || x, 0, 0, 0 FROM c, user u WHERE u.username = '{NAME}'"), None),
    ("no index", statements(
        "CREATE TABLE bare AS SELECT * FROM user", "DROP TABLE user", "ALTER TABLE bare RENAME TO user",
        "WITH RECURSIVE c(x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM c WHERE x < 2000) INSERT INTO user"
        " (id, email, username, password, active, fs_uniquifier) SELECT x, 'a' || x, 'b' || x, 'c', 1, 'd' || x FROM c"), None),
    ("a huge log", statements("PRAGMA wal_autocheckpoint = 0", "CREATE TABLE big (x)", mode="wal") + """
for number in range(10):
    sql('INSERT INTO big VALUES (zeroblob(30000000))')
os.kill(os.getpid(), 9)
""", None),
    ("a file of eight gigabytes", "os.truncate(db, 8 << 30)", None),
    ("a page cache without bounds", statements("PRAGMA default_cache_size = 1000000", "BEGIN") + """
for number in range(1500):
    sql(f"CREATE TABLE pad{number} (x /* {'x' * 60000} */)")
sql('COMMIT')
""", None),
    ("thousands of tables", statements("BEGIN") + """
columns = ', '.join(f'c{number}' for number in range(450))
for number in range(4000):
    sql(f'CREATE TABLE t{number} ({columns})')
sql('COMMIT')
""", None),
    ("thousands of indexes", statements("BEGIN") + """
for number in range(2000):
    sql(f'CREATE INDEX i{number} ON user (email, lower(username))')
sql('COMMIT')
""", None),
    ("pages of 64 KiB", statements("PRAGMA page_size = 65536", "VACUUM", mode="delete"), True),
    ("a shared lock", holding("BEGIN", "SELECT * FROM user"), None),
    ("a reserved lock", holding("BEGIN IMMEDIATE"), False),
    ("an exclusive lock", holding("BEGIN EXCLUSIVE"), False),
    ("the log's write lock", holding("BEGIN IMMEDIATE", mode="wal"), False),
    ("a folder as database", "os.rename(db, db + '.old'); os.mkdir(db)", False),
    ("a FIFO as database", "os.rename(db, db + '.old'); os.mkfifo(db, 0o660)", False),
    ("a link as database", "os.rename(db, db + '.old'); os.symlink(VICTIM, db)", False),
    ("no database", "os.rename(db, db + '.old')", False),
    ("a database of others", "os.rename(db, db + '.old')\nshutil.copy(db + '.old', db)\nos.chmod(db, 0o666)", False),
    *[(f"a {kind} as {suffix}", beside(kind, suffix), False) for kind in ("FIFO", "link", "folder")
      for suffix in ("-journal", "-wal", "-shm")],
    *[(f"{name} in a constraint", statements("PRAGMA ignore_check_constraints = ON", wide("lsec_throttle", "c", f"CHECK ({text})")), None)
      for name, text in EXPRESSIONS.items()],
    *[(f"{name} in a generated column", statements(
        wide("lsec_throttle", "c", f"GENERATED ALWAYS AS ({text})"), "CREATE INDEX g ON lsec_throttle (c)"), None)
      for name, text in EXPRESSIONS.items() if name in ("a wide column", "a large blob")],
]

PROLOGUE = """
import os, shutil, sqlite3, sys, time
db, VICTIM = sys.argv[1:]
connection = sqlite3.connect(db, isolation_level=None, timeout=20)
def sql(text):
    connection.execute(text).fetchall()
"""


class Place:
    """A site whose database a group may write, with files beside it that it may not."""

    def __init__(self):
        self.site = hosts.Site()
        self.site.configure({"SECURITY_TWO_FACTOR": False, "SECURITY_WEBAUTHN": False, "SECURITY_TRACKABLE": True})
        self.site.one_line()
        self.original = self.site.database
        self.folder = os.path.join(self.site.folder, "var")
        self.site.database = os.path.join(self.folder, "users.db")
        self.site.configure({"SECURITY_TWO_FACTOR": False, "SECURITY_WEBAUTHN": False, "SECURITY_TRACKABLE": True})
        self.secret = os.path.join(self.site.folder, "rootonly")
        os.mkdir(self.secret, 0o700)
        self.victim = os.path.join(self.secret, "shadow")
        with open(self.victim, "w", encoding="ascii") as file:
            file.write("root:*:1:0:99999:7:::\n")
        os.chmod(self.victim, 0o600)

    def renew(self):
        """The sample database, as the group's."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)
        os.chown(self.folder, 0, WEB)
        os.chmod(self.folder, 0o2770)
        shutil.copyfile(self.original, self.site.database)
        os.chown(self.site.database, 0, WEB)
        os.chmod(self.site.database, 0o660)

    def web(self, code, is_held=False):
        """Runs code as the hostile user; the process when it stays."""
        process = subprocess.Popen(
            ["/usr/bin/python3", "-", self.site.database, self.victim], user=WEB, group=WEB, extra_groups=[],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, umask=0o007)
        process.stdin.write((PROLOGUE + code).encode())
        process.stdin.close()
        if is_held:
            process.stdout.readline()
            return process
        process.stdout.close()
        process.wait(timeout=100)
        return None

    def others(self):
        """Everything but the database: what it is, and what is in it."""
        found = {}
        for folder, _, names in os.walk(self.site.folder):
            if folder == self.folder:
                continue
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[path] = (os.stat(path)[:6], hashlib.sha256(file.read()).hexdigest())
        return found


# Small, because a process begins with the greatest memory of the one that made it.
RUNNER = """
import os, signal, sys, time
seconds, words = float(sys.argv[1]), sys.argv[2:]
begun = time.monotonic()
child = os.posix_spawn(words[0], words, os.environ)
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.setitimer(signal.ITIMER_REAL, seconds)
_, status, usage = os.wait4(child, 0)
print('measured:', os.waitstatus_to_exitcode(status), time.monotonic() - begun, usage.ru_maxrss, file=sys.stderr)
"""


def measured(command):
    """Runs a command: what it printed, how it ended, the seconds that it took, and its greatest memory in KiB."""
    runner = ["/usr/bin/python3", "-I", "-S", "-c", RUNNER, str(SECONDS)]
    process = subprocess.run([*runner, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    lines = process.stderr.decode(errors="replace").splitlines()
    _, status, seconds, memory = lines[-1].split()
    text = process.stdout.decode(errors="replace") + "\n".join(lines[:-1])
    return text, int(status), float(seconds), int(memory)


def run(checks, programs):
    place = Place()
    login = programs.command(place.site, NAME, ["rhost=192.0.2.9", "auth", "acct"], [PASSWORD])
    wrong = programs.command(place.site, NAME, ["rhost=192.0.2.9", "auth"], ["not the password"])
    unknown = programs.command(place.site, "nobody-here", ["rhost=192.0.2.9", "auth"], ["not the password"])
    tool = [os.path.join(programs.dist, "bin", "securityctl"), "--config", place.site.config, "users", "list"]
    commands = {"a login": login, "a wrong password": wrong, "an unknown name": unknown, "securityctl": tool}
    honest = {}
    for name, code, is_granted in CASES:
        case(checks, place, name, code, is_granted, commands, honest)
    owners(checks, place, login)
    damage(checks, place, commands, honest)


def case(checks, place, name, code, is_granted, commands, honest):
    place.renew()
    # Makes our own tables.
    measured(commands["a wrong password"])
    before = place.others()
    holder = place.web(code, is_held="'held'" in code) if code else None
    for command, words in commands.items():
        text, status, seconds, memory = measured(words)
        honest.setdefault(command, memory)
        label = f"{name}, {command}"
        checks.true(label + ": ends in time", status is not None and status != -signal.SIGKILL and seconds < SECONDS, (status, seconds))
        checks.true(label + ": ends by itself", status >= 0, status)
        checks.true(label + ": memory", memory - honest[command] < MEMORY, f"{memory - honest[command]} KiB more")
        if command == "a login" and is_granted is not None:
            checks.equal(label + ": granted", "auth: PAM_SUCCESS" in text, is_granted) or print(text[-600:])
        elif command in ("a wrong password", "an unknown name"):
            checks.true(label + ": not granted", "auth: PAM_SUCCESS" not in text, text[-300:])
    checks.equal(name + ": no other file is touched", place.others(), before)
    if holder:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def owners(checks, place, login):
    """Who may own the database, and which links count."""
    site = place.site
    other = os.path.join(site.folder, "app")

    def set_up(owner, mode=0o640, folder_mode=0o750):
        shutil.rmtree(other, ignore_errors=True)
        os.mkdir(other)
        shutil.copyfile(place.original, os.path.join(other, "users.db"))
        os.chown(os.path.join(other, "users.db"), owner, owner)
        os.chmod(os.path.join(other, "users.db"), mode)
        os.chown(other, owner if owner != 65534 else 0, owner)
        os.chmod(other, folder_mode)
        if os.path.lexists(os.path.join(site.folder, "current")):
            os.remove(os.path.join(site.folder, "current"))

    def judge(name, path, is_granted):
        site.database = path
        site.configure({"SECURITY_TWO_FACTOR": False, "SECURITY_WEBAUTHN": False})
        text, _, _, _ = measured(login)
        checks.equal("owners: " + name, "auth: PAM_SUCCESS" in text, is_granted) or print(text[-600:])
        if not is_granted:
            checks.true("owners: " + name + ": by its code", "PAM_CRED_INSUFFICIENT" in text, text[-300:])

    file, link = os.path.join(other, "users.db"), os.path.join(site.folder, "current")
    set_up(WEB)
    judge("the web user's file in its folder", file, True)
    os.symlink(file, link)
    judge("a link of root's to it", link, True)
    os.remove(link)
    os.symlink(other, link)
    judge("a link of root's to its folder", os.path.join(link, "users.db"), True)
    os.lchown(link, WEB, WEB)
    judge("a link of the web user", os.path.join(link, "users.db"), False)
    set_up(WEB)
    os.symlink("users.db", os.path.join(other, "link"))
    judge("a link of root's in the web user's folder", os.path.join(other, "link"), False)
    set_up(65534)
    judge("a file of nobody", file, False)
    set_up(0, mode=0o666)
    judge("a file that others may write", file, False)
    set_up(0, folder_mode=0o777)
    judge("a folder that others may write", file, False)
    set_up(0, folder_mode=0o1777)
    judge("a sticky folder that others may write", file, False)
    set_up(0)
    temporary = f"/tmp/lsec-link-{os.getpid()}"
    os.symlink(file, temporary)
    judge("a link in /tmp", temporary, False)
    os.remove(temporary)
    site.database = os.path.join(place.folder, "users.db")
    site.configure({"SECURITY_TWO_FACTOR": False, "SECURITY_WEBAUTHN": False, "SECURITY_TRACKABLE": True})


def damage(checks, place, commands, honest):
    """Pages that no SQLite wrote."""
    wanted = random.Random(9)
    for number in range(12):
        place.renew()
        measured(commands["a wrong password"])
        size = os.path.getsize(place.site.database)
        with open(place.site.database, "r+b") as file:
            for _ in range(wanted.choice([2, 20, 200])):
                file.seek(wanted.randrange(100, size))
                file.write(bytes([wanted.randrange(256)]))
        text, status, seconds, memory = measured(commands["a wrong password"])
        checks.true(
            f"damaged pages {number}: refused in time", status == 0 and seconds < SECONDS and "auth: PAM_SUCCESS" not in text
            and memory - honest["a wrong password"] < MEMORY, (status, seconds, memory, text[-300:]))
