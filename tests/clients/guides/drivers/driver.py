import sys

from access_token import sign_token

for line in sys.stdin:
    fields = [bytes.fromhex(field).decode() for field in line.rstrip("\n").split("\t")]
    id, secret, expires, subject, to = fields
    print(sign_token(id=id, secret=secret, expires=int(expires), subject=subject, to=to.split("\n")))
