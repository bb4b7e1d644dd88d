"""A name server on a free port of 127.0.0.1, which it prints: answers from the table below until its input ends."""
import socket
import struct
import sys
import threading

TYPES = {"A": 1, "MX": 15, "TXT": 16, "AAAA": 28}
ZONE = {
    "mail.example": [("MX", (10, "mx.mail.example"))],
    "nullmx.example": [("MX", (0, ""))],
    "address.example": [("A", "8.8.8.8")],
    "private.example": [("A", "10.0.0.1"), ("AAAA", "fe80::1")],
    "six.example": [("A", "127.0.0.1"), ("AAAA", "2606:4700::1111")],
    "silent.example": [("A", "8.8.8.8"), ("TXT", ["v=spf1 ", "-all"])],
    "spf.example": [("A", "8.8.8.8"), ("TXT", ["v=spf1 a -all"])],
    "xn--bcher-kva.example": [("MX", (10, "mx.mail.example"))],
    "text.example": [("TXT", ["nothing else"])],
}


def name(text):
    labels = [label.encode() for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def data(kind, value):
    if kind == "MX":
        return struct.pack(">H", value[0]) + name(value[1])
    if kind == "TXT":
        return b"".join(bytes([len(part)]) + part.encode() for part in value)
    return socket.inet_pton(socket.AF_INET if kind == "A" else socket.AF_INET6, value)


def answer(query):
    labels, place = [], 12
    while query[place]:
        labels.append(query[place + 1:place + 1 + query[place]].decode())
        place += 1 + query[place]
    asked, wanted = ".".join(labels).lower(), struct.unpack(">H", query[place + 1:place + 3])[0]
    if asked == "slow.example":
        return None
    question = query[12:place + 5]
    code = 2 if asked == "broken.example" else 0 if asked in ZONE else 3
    found = [data(kind, value) for kind, value in ZONE.get(asked, []) if TYPES[kind] == wanted]
    records = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", wanted, 1, 60, len(part)) + part for part in found)
    if asked == "damaged.example":
        code, found, records = 0, [b""], b"\xc0\x0c" + struct.pack(">HHIH", wanted, 1, 60, 500) + b"x"
    return query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(found), 0, 0) + question + records


def serve(server):
    while True:
        query, peer = server.recvfrom(4096)
        reply = answer(query)
        if reply is not None:
            server.sendto(reply, peer)


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0))
threading.Thread(target=serve, args=(server,), daemon=True).start()
print(server.getsockname()[1], flush=True)
sys.stdin.read()
