"""A mail server on loopback that tells what it hears, and whether that came through TLS.

usage: smtp_server.py MODE [CERTIFICATE KEY]     MODE: plain, starttls, tls

Prints its port, then `clear WORD` or `secure WORD` for each command of a client. It ends with its standard input.
"""

import socket
import ssl
import sys
import threading


def serve(connection, mode, context):
    try:
        if mode == "tls":
            connection = context.wrap_socket(connection, server_side=True)
        connection.sendall(b"220 test\r\n")
        talk(connection, mode, context)
    except OSError:
        # The client went away, as one does that does not trust the certificate.
        pass
    finally:
        connection.close()


def talk(connection, mode, context):
    is_secure = isinstance(connection, ssl.SSLSocket)
    stream = connection.makefile("rwb", buffering=0)
    while line := stream.readline():
        word = line.split()[0].upper().decode() if line.split() else ""
        print("secure" if is_secure else "clear", word, flush=True)
        if word in ("EHLO", "HELO"):
            offer = b"250-STARTTLS\r\n" if mode == "starttls" and not is_secure else b""
            stream.write(b"250-test\r\n" + offer + b"250 AUTH PLAIN\r\n")
        elif word == "STARTTLS":
            stream.write(b"220 go on\r\n")
            return talk(context.wrap_socket(connection, server_side=True), mode, context)
        elif word == "AUTH":
            if len(line.split()) < 3:
                stream.write(b"334 \r\n")
                stream.readline()
            stream.write(b"235 welcome\r\n")
        elif word == "DATA":
            stream.write(b"354 go on\r\n")
            while stream.readline() not in (b".\r\n", b""):
                pass
            stream.write(b"250 taken\r\n")
        elif word == "QUIT":
            stream.write(b"221 bye\r\n")
            return None
        else:
            stream.write(b"250 ok\r\n")
    return None


def accept(listener, mode, context):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, mode, context), daemon=True).start()


context = None
if len(sys.argv) > 2:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=accept, args=(listener, sys.argv[1], context), daemon=True).start()
sys.stdin.read()
