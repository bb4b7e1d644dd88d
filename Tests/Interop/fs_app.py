"""A small Flask application over the real Flask-Security, with the same security.toml and the same database.

Runs with the Python of a virtual environment that has Flask-Security 5.0.2 or 5.9.2 (venv.sh). Two uses:
- `python fs_app.py` reads one JSON object per line, {"do": NAME, arguments...}, calls the method of Application, and
  answers with one line, {"value": ...} or {"error": "traceback"}. peer.py is the other end.
- `LAB_CONFIG=security.toml python -m flask --app fs_app:from_environment users ...` is the command line of the library.
"""
import warnings

warnings.filterwarnings("ignore")
import datetime
import importlib
import json
import os
import pathlib
import re
import time
import sys
import time
import tomllib
import traceback
import urllib.request
from unittest import mock

import flask
import flask_login
import flask_security
import flask_wtf.csrf
import itsdangerous
import wtforms
from flask import Flask
from flask_mailman import Mail
from flask_security import (
    Security, SQLAlchemyUserDatastore, auth_required, confirmable, forms, passwordless, recoverable)
from flask_security.utils import (
    check_and_get_token_status, get_hmac, hash_password, password_breached_validator, password_complexity_validator, pwned,
    verify_and_update_password)
from flask_sqlalchemy import SQLAlchemy

IS_5_0 = flask_security.__version__.startswith("5.0.")


def make_app(config, model, create_all):
    """The application: every key is `config`'s, but for what a test machine lacks: mail server, DNS, pages with forms."""
    app = Flask("interop")
    # from_file(..., text=False) needs Flask 2.3; 5.0.2 runs with 2.2.
    app.config.from_mapping(tomllib.loads(pathlib.Path(config).read_text()))
    app.config.update(
        MAIL_BACKEND="locmem", MAIL_DEFAULT_SENDER="no-reply@example.org", WTF_CSRF_ENABLED=False,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False})
    for attribute in app.config.get("SECURITY_USER_IDENTITY_ATTRIBUTES", []):
        for rule in attribute.values():
            rule["mapper"] = getattr(flask_security, rule["mapper"])
    database = SQLAlchemy(app)
    module = importlib.import_module(f"flask_security.models.{model}")
    module.FsModels.set_db_info(database)

    class Role(database.Model, module.FsRoleMixin):
        pass

    class WebAuthn(database.Model, module.FsWebAuthnMixin):
        pass

    class User(database.Model, module.FsUserMixin):
        pass

    more = []
    if hasattr(module, "FsRefreshTrackerMixin"):
        class FsRefreshTracker(database.Model, module.FsRefreshTrackerMixin):
            pass
        more.append(FsRefreshTracker)

    Mail(app)
    own_forms = {}
    if IS_5_0:
        # 5.0 writes the username field onto the form classes: each application of this process gets its own.
        for name, form in (("login_form", forms.LoginForm), ("register_form", forms.RegisterForm),
                           ("confirm_register_form", forms.ConfirmRegisterForm)):
            own_forms[name] = type(form.__name__, (form,), {})
    datastore = SQLAlchemyUserDatastore(database, User, Role, WebAuthn, *more)
    app.lab = Security(app, datastore, **own_forms)
    app.database, app.datastore = database, datastore

    @app.route("/private")
    @auth_required("session", "token")
    def private():
        return flask_security.current_user.email

    if create_all:
        with app.app_context():
            database.create_all()
    return app


def from_environment():
    """For `flask --app fs_app:from_environment`."""
    return make_app(os.environ["LAB_CONFIG"], os.environ["LAB_MODEL"], False)


def plain(value):
    """A column's value as JSON; dates say what they are."""
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    return value


def seconds(value):
    """A length of time in seconds: 5.9 makes a timedelta of it when it starts. Other values as they are."""
    return value.total_seconds() if isinstance(value, datetime.timedelta) else value


class Application:
    """What the other side may ask; every public method is a command."""

    def __init__(self):
        self._app, self._sessions, self._held = None, {}, {}

    def open(self, config, model, create_all=True):
        """Starts the application with this configuration. The database is the one that it names."""
        if self._app is not None:
            with self._app.app_context():
                self._app.database.engine.dispose()
        self._app, self._sessions, self._held = None, {}, {}
        self._app = make_app(config, model, create_all)
        return flask_security.__version__

    # Accounts, through the datastore.

    def create_user(self, email, password, **attributes):
        """A confirmed, active account, unless the attributes say otherwise."""
        if attributes.pop("confirmed", True):
            attributes["confirmed_at"] = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        with self._app.app_context():
            normalized = self._app.lab._password_util.normalize(password)
            hashed = hash_password(normalized)
            user = self._app.datastore.create_user(email=email, password=hashed, **attributes)
            self._app.datastore.commit()
            return user.id

    def store_password(self, email, stored):
        """Puts a stored string into the column as it is."""
        with self._app.app_context():
            self._app.datastore.find_user(email=email).password = stored
            self._app.datastore.commit()

    def hash(self, password, scheme, is_single=False):
        """passlib's hash with this scheme, by the policy's options: of the HMAC, or of the password itself."""
        with self._app.app_context():
            normalized = self._app.lab._password_util.normalize(password)
            secret = normalized if is_single else get_hmac(normalized).decode()
            context = getattr(self._app.lab, "_pwd_context", None) or self._app.lab.pwd_context
            return context.hash(secret, scheme=scheme)

    def verify(self, email, password):
        """Flask-Security's own check of a password, with its renewal of the hash."""
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            is_right = verify_and_update_password(self._app.lab._password_util.normalize(password), user)
            self._app.datastore.commit()
            return is_right

    def set_active(self, email, active):
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            (self._app.datastore.activate_user if active else self._app.datastore.deactivate_user)(user)
            self._app.datastore.commit()

    def reset_access(self, email):
        with self._app.app_context():
            self._app.datastore.reset_user_access(self._app.datastore.find_user(email=email))
            self._app.datastore.commit()

    def add_role(self, email, role, permissions=None):
        with self._app.app_context():
            self._app.datastore.find_or_create_role(role, permissions=permissions)
            self._app.datastore.add_role_to_user(self._app.datastore.find_user(email=email), role)
            self._app.datastore.commit()

    def delete_user(self, email):
        with self._app.app_context():
            self._app.datastore.delete_user(self._app.datastore.find_user(email=email))
            self._app.datastore.commit()

    def state(self, email):
        """Every column as the models read it, the roles, and the permissions."""
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            if user is None:
                return None
            columns = {column.name: plain(getattr(user, column.key)) for column in user.__table__.columns}
            columns["types"] = {
                column.name: type(getattr(user, column.key)).__name__ for column in user.__table__.columns}
            columns["roles"] = sorted(role.name for role in user.roles)
            columns["permissions"] = sorted({one for role in user.roles for one in role.get_permissions()})
            return columns

    def wallet(self, email):
        """The key of the account's authenticator, opened by passlib: base32."""
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            return self._factory()._totp.from_source(user.tf_totp_secret).base32_key

    def store_wallet(self, email, source):
        """Puts a text into the column of the authenticator as it is."""
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            self._app.datastore.tf_set(user, "authenticator", source)
            self._app.datastore.commit()

    def make_wallet(self, key, form, **parameters):
        """passlib's text for a base32 key: form "encrypted" or "clear" JSON, or an otpauth "uri"."""
        with self._app.app_context():
            totp = self._factory()._totp(key=key, format="base32", **parameters)
            return totp.to_uri(label="ann@example.org") if form == "uri" else totp.to_json(encrypt=form == "encrypted")

    def fernet(self, key, text, age):
        """A Fernet token of `text` that was made `age` seconds ago."""
        from cryptography.fernet import Fernet
        return Fernet(key).encrypt_at_time(text.encode(), int(time.time()) - age).decode()

    def check_code(self, email, code):
        """Flask-Security's own check of a code, with the window of authenticators."""
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            return self._factory().verify_totp(
                token=code, totp_secret=user.tf_totp_secret, user=user,
                window=self._app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"])

    def store_unified(self, email, method, source):
        """Puts a wallet's text among those of unified sign-in; without a text, a new one of Flask-Security's own."""
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            self._app.datastore.us_set(user, method, source or self._factory().generate_totp_secret())
            self._app.datastore.commit()

    def unified(self, email):
        """The keys of unified sign-in by method, opened by passlib: base32."""
        with self._app.app_context():
            wallets = self._app.datastore.us_get_totp_secrets(self._app.datastore.find_user(email=email))
            return {method: self._factory()._totp.from_source(text).base32_key for method, text in wallets.items()}

    def _factory(self):
        return getattr(self._app.lab, "_totp_factory", None) or self._app.lab.totp_factory

    def settings(self, keys):
        """The application's configuration under these keys; lengths of time, whatever their form, in seconds."""
        return {key: seconds(self._app.config[key]) for key in keys}

    def breached(self, password, service):
        """The count of Flask-Security's own look-up, and the verdict of the policy, at another service than the public one.

        The URL is fixed in its code, so requests are led elsewhere; our service insists on the padding header.
        """
        def elsewhere(request):
            url = request.full_url.replace("https://api.pwnedpasswords.com/range/", service)
            return send(urllib.request.Request(url, headers={**dict(request.header_items()), "Add-Padding": "true"}))

        send, urllib.request.urlopen = urllib.request.urlopen, elsewhere
        try:
            with self._app.app_context(), self._app.test_request_context():
                verdict = password_breached_validator(self._app.lab._password_util.normalize(password))
                try:
                    return {"count": pwned(password), "verdict": verdict}
                except Exception:
                    return {"count": None, "verdict": verdict}
        finally:
            urllib.request.urlopen = send

    def complexity(self, password, **facts):
        """What is wrong with a new password by zxcvbn, as when somebody registers with these facts."""
        with self._app.app_context(), self._app.test_request_context():
            return password_complexity_validator(self._app.lab._password_util.normalize(password), True, **facts)

    # A browser's requests, in named sessions.

    def request(self, session, method, path, data=None, address="192.0.2.1", token=None):
        """One request with JSON; the answer's status and body."""
        client = self._sessions.setdefault(session, self._app.test_client())
        headers = {"Accept": "application/json"}
        if token:
            headers["Authentication-Token"] = token
        answer = client.open(path, method=method, json=data, headers=headers, base_url="https://localhost",
                             environ_base={"REMOTE_ADDR": address})
        body = answer.get_json(silent=True) or {}
        return {"status": answer.status_code, "text": answer.get_data(as_text=True)[:2000],
                **(body.get("response") or {} if isinstance(body, dict) else {})}

    def mailed_code(self):
        """The six digits of the latest mail."""
        with self._app.app_context():
            return re.search(r"\b\d{6}\b", self._app.extensions["mailman"].outbox[-1].body)[0]

    def cli(self, arguments):
        """`flask ARGUMENTS` in this process."""
        result = self._app.test_cli_runner().invoke(args=arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return {"code": result.exit_code, "output": result.output}

    # Tokens and cookies.

    def token(self, email, purpose, age=0):
        """A token as the library makes it, signed so many seconds ago."""
        makers = {
            "confirm": confirmable.generate_confirmation_token, "reset": recoverable.generate_reset_password_token,
            "login": passwordless.generate_login_token, "authentication": lambda user: user.get_auth_token(),
            "remember": lambda user: flask_login.utils.encode_cookie(user.fs_uniquifier)}
        clock = mock.patch.object(itsdangerous.TimestampSigner, "get_timestamp", lambda self: int(time.time()) - age)
        with self._app.test_request_context(), clock:
            return makers[purpose](self._app.datastore.find_user(email=email))

    def change_email_token(self, email, new_email, age=0):
        """A change-of-address link of 5.5 and later, made `age` seconds ago."""
        from flask_security import change_email
        made = time.time() - age
        clock = mock.patch.object(itsdangerous.TimestampSigner, "get_timestamp", lambda self: int(made))
        with self._app.test_request_context(), clock:
            return change_email._generate_token(self._app.datastore.find_user(email=email), new_email)

    def change_email_verdict(self, token):
        """The library's own check of such a link: "expired", "invalid", or the address to be."""
        from flask_security import change_email
        with self._app.test_request_context():
            expired, invalid, _, new_email = change_email._verify_token_status(token)
        return "invalid" if invalid else "expired" if expired else new_email

    def token_status(self, token, purpose):
        """What the library's own check says: "valid", "expired" or "invalid"."""
        if purpose == "authentication":
            return "valid" if self.request("token", "GET", "/private", token=token)["status"] == 200 else "invalid"
        if purpose == "remember":
            with self._app.test_request_context():
                name = flask_login.utils.decode_cookie(token)
                return "valid" if name and self._app.datastore.find_user(fs_uniquifier=name) else "invalid"
        check = {"confirm": confirmable.confirm_email_token_status, "reset": recoverable.reset_password_token_status,
                 "login": passwordless.login_token_status}[purpose]
        with self._app.test_request_context():
            expired, invalid, user = check(token)
        if invalid or not (user or expired):
            return "invalid"
        return "expired" if expired else "valid"

    def sign_state(self, name, value):
        """A token of one of the library's serializers."""
        return getattr(self._app.lab, name + "_serializer").dumps(value)

    def read_state(self, name, token):
        """What the library makes of such a token within a day: whether it is expired or invalid, and the value."""
        with self._app.test_request_context():
            return check_and_get_token_status(token, name, datetime.timedelta(days=1))

    def sign_csrf(self, text):
        """Flask-WTF's token for a session with this text."""
        with self._app.test_request_context():
            flask.session["csrf_token"] = text
            return flask_wtf.csrf.generate_csrf()

    def csrf_verdict(self, text, token):
        """What Flask-WTF says of a token in a session with this text; None = good."""
        with self._app.test_request_context():
            flask.session["csrf_token"] = text
            try:
                return flask_wtf.csrf.validate_csrf(token)
            except wtforms.ValidationError as error:
                return str(error)

    def set_cookie(self, session, name, value):
        """Puts a cookie into a browser."""
        client = self._sessions.setdefault(session, self._app.test_client())
        if IS_5_0:
            client.set_cookie("localhost", name, value)
        else:
            client.set_cookie(name, value)

    def change_password(self, email, password):
        """A new password, with a new fs_uniquifier."""
        with self._app.app_context():
            user = self._app.datastore.find_user(email=email)
            user.password = hash_password(password)
            self._app.datastore.set_uniquifier(user)
            self._app.datastore.put(user)
            self._app.datastore.commit()

    def cookie(self, session, name):
        """The value of a cookie that the browser holds; None = none."""
        client = self._sessions[session]
        if hasattr(client, "get_cookie"):
            held = client.get_cookie(name)
        else:
            held = next((one for one in client.cookie_jar if one.name == name), None)
        return held.value if held else None

    # A request that loaded the account some time ago.

    def hold(self, name, email):
        """Loads the account as a view does, and keeps the request open."""
        context = self._app.app_context()
        context.push()
        user = self._app.datastore.find_user(email=email)
        self._held[name] = context, user, list(user.mf_recovery_codes or [])
        return self._held[name][2]

    def finish_with_recovery_code(self, name, code):
        """The held request takes a recovery code from what it read then, and commits: the whole column is rewritten."""
        context, user, codes = self._held.pop(name)
        try:
            codes.remove(code)
            user.mf_recovery_codes = codes
            self._app.datastore.put(user)
            self._app.datastore.commit()
        finally:
            context.pop()

    # Beside other tables and other writers.

    def create_all(self):
        with self._app.app_context():
            self._app.database.create_all()

    def schema_differences(self, ignored_prefix=None):
        """What an automatic migration would change (alembic, as Flask-Migrate asks it)."""
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        def is_ours(name, kind, parents):
            return not (ignored_prefix and name and name.startswith(ignored_prefix))

        with self._app.app_context(), self._app.database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_name": is_ours})
            return [self._difference(one) for one in compare_metadata(context, self._app.database.metadata)]

    @staticmethod
    def _difference(one):
        what = one[0] if isinstance(one, tuple) else one[0][0]
        name = getattr(one[1], "name", str(one[1:])) if isinstance(one, tuple) else str(one)
        return f"{what} {name}"

    def sign_in_many(self, email, password, times):
        """So many sign-ins, each a whole request with its commit; the statuses that were not 200."""
        bad = []
        for number in range(times):
            answer = self.request(f"many-{email}-{number}", "POST", "/login", {"email": email, "password": password})
            if answer["status"] != 200:
                bad.append(answer)
        return bad

    def touch_many(self, email, times):
        """So many ORM writes of one account: a new telephone number each time."""
        for number in range(times):
            with self._app.app_context():
                user = self._app.datastore.find_user(email=email)
                user.tf_phone_number = f"{number}"
                self._app.datastore.put(user)
                self._app.datastore.commit()


def main():
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    application = Application()
    for line in sys.stdin:
        command = json.loads(line)
        try:
            value = getattr(application, command.pop("do"))(**command)
            answers.write(json.dumps({"value": value}) + "\n")
        except Exception:
            answers.write(json.dumps({"error": traceback.format_exc()}) + "\n")


if __name__ == "__main__":
    main()
