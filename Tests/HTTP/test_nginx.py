"""A real nginx in front: it asks /authz for each request, and hands on what it is told."""

import http.client
import http.server
import shutil
import socket
import subprocess
import threading

from service import PATIENCE, Client, ServiceCase

CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location = /authz {{
            internal;
            proxy_pass http://127.0.0.1:{securityd}/authz;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Original-Method $request_method;
            proxy_set_header X-Original-URI $request_uri;
        }}
        location / {{
            auth_request /authz;
            auth_request_set $user $upstream_http_x_auth_user;
            auth_request_set $sign_in $upstream_http_location;
            error_page 401 = @sign_in;
            auth_request_set $roles $upstream_http_x_auth_roles;
            proxy_set_header X-Auth-User $user;
            proxy_set_header X-Auth-Roles $roles;
            proxy_pass http://127.0.0.1:{application};
        }}
        location @sign_in {{ return 302 $sign_in; }}
        location /login {{ proxy_set_header Host $http_host; proxy_pass http://127.0.0.1:{securityd}; }}
    }}
}}
"""


class Application(http.server.BaseHTTPRequestHandler):
    """Says who it was told is there."""

    def do_GET(self):
        body = f"{self.headers['X-Auth-User']}|{self.headers['X-Auth-Roles']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class NginxCase(ServiceCase):
    """nginx on `self.front`, which asks securityd and hands on to an application."""

    settings = {"LIBSECURITY_PROXY_FIX": {"trusted": ["127.0.0.1"]}, "SECURITY_API_ENABLED_METHODS": ["session", "token"]}
    tables = """
[[LIBSECURITY_PROTECTED]]
prefix = "/app"
mechanisms = ["session"]

[[LIBSECURITY_PROTECTED]]
path = "/open"
"""

    def setUp(self):
        super().setUp()
        application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
        threading.Thread(target=application.serve_forever, daemon=True).start()
        self.addCleanup(application.server_close)
        self.addCleanup(application.shutdown)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.front = free.getsockname()[1]
        config = self.folder / "nginx.conf"
        config.write_text(CONFIG.format(
            folder=self.folder, port=self.front, securityd=self.port, application=application.server_address[1]))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        # Workers that are not root could not enter the folder.
        user = ["-g", "user root;"]
        self.nginx = subprocess.Popen([program, "-p", self.folder, "-c", config, *user], stderr=self.log)
        self.addCleanup(self.nginx.wait, PATIENCE)
        self.addCleanup(self.nginx.terminate)
        self.until(self.listens)

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.front), 1).close()
            return True
        except OSError:
            return False

    def browser(self):
        return Client(self.front)


class Nginx(NginxCase):
    def test_who_is_signed_in_is_told_to_the_application(self):
        browser = self.browser()
        self.assertEqual(browser.get("/open").body, "None|None")
        answer = browser.get("/app/x")
        self.assertEqual(answer.status, 302)
        self.assertTrue(answer.location.endswith("/login?next=%2Fapp%2Fx"), answer.location)
        self.assertEqual(browser.sign_in().status, 302)
        answer = browser.get("/app/x?y=1")
        self.assertEqual((answer.status, answer.body), (200, "ann@example.com|None"))

    def test_no_client_says_who_it_is(self):
        forged = {"X-Auth-User": "root", "X-Auth-Roles": "admin"}
        self.assertEqual(self.browser().get("/open", headers=forged).body, "None|None")
        forged = {"X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/open"}
        self.assertNotEqual(self.browser().get("/app/x", headers=forged).status, 200)

    def test_what_has_no_rule_is_closed(self):
        browser = self.browser()
        browser.sign_in()
        self.assertEqual(browser.get("/elsewhere").status, 403)
        connection = http.client.HTTPConnection("127.0.0.1", self.front, timeout=PATIENCE)
        connection.putrequest("GET", "/app/%2e%2e/open")
        connection.endheaders()
        self.assertNotEqual(connection.getresponse().status, 200)
        connection.close()
