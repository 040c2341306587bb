"""A server that accepts requests signed for one pair of keys, as botocore computes their signatures from the bytes on the
wire. It answers with what it got. Its argument is a folder with cert.pem and key.pem, or nothing for http."""

import hashlib
import json
import re
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEYS = {
    "AKIDSTATIC": ("canary-of-a-secret-access-key-0a1b2c", None),
    "AKIDTEMPORARY": ("canary-of-a-temporary-key-3d4e5f6a", "canary-of-a-session-token-7b8c9d0e/+="),
}
FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, "
    r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})"
)


def mistake(request, body):
    """What is wrong with a request, or None."""
    headers = request.headers
    if len(headers.get_all("authorization") or []) != 1:
        return "no Authorization, or two"
    form = FORM.fullmatch(headers["authorization"])
    if not form:
        return "malformed: " + headers["authorization"].split(" ")[0]
    key_id, day, region, service, names, signature = form.groups()
    secret, token = KEYS.get(key_id, (None, None))
    if secret is None:
        return "unknown key " + key_id
    if headers.get("x-amz-security-token") != token:
        return "another session token"
    signed = names.split(";")
    sent = [name.lower() for name in headers.keys() if name.lower().startswith("x-amz-")]
    if unsigned := [name for name in ["host", *sent] if name not in signed]:
        return f"unsigned: {unsigned}"
    payload = headers.get("x-amz-content-sha256")
    if payload != "UNSIGNED-PAYLOAD" and payload != hashlib.sha256(body).hexdigest():
        return "another body"
    aws_request = AWSRequest(request.command, "http://host" + request.path)
    for name in signed:
        for value in headers.get_all(name) or []:
            aws_request.headers[name] = value
    aws_request.context["timestamp"] = headers["x-amz-date"]
    make = S3SigV4Auth if service == "s3" else SigV4Auth
    auth = make(Credentials(key_id, secret), service, region)
    text = auth.string_to_sign(aws_request, auth.canonical_request(aws_request))
    if auth.signature(text, aws_request) != signature:
        return "another signature"
    return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def read_body(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def answer(self):
        body = self.read_body()
        wrong = mistake(self, body)
        said = {
            "mistake": wrong,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "length": len(body),
        }
        text = json.dumps(said).encode()
        self.send_response(403 if wrong else 200)
        self.send_header("Content-Type", "application/json")
        if self.path.endswith("-stream") and not wrong:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for byte in text:
                self.wfile.write(b"1\r\n" + bytes([byte]) + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


# The default queue is shorter than what the tests send at once.
ThreadingHTTPServer.request_queue_size = 512
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1] + "/cert.pem", sys.argv[1] + "/key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
