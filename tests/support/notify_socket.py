"""A service manager's end of sd_notify: prints each datagram as a line of JSON."""

import json
import socket
import struct
import sys
import time

address = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind("\0" + address[1:] if address.startswith("@") else address)
print(json.dumps({"bound": address}), flush=True)
while True:
    data, control, _, _ = receiver.recvmsg(65536, socket.CMSG_SPACE(12))
    (pid, _, _), = (struct.unpack("3i", content) for _, _, content in control)
    fields = dict(line.split("=", 1) for line in data.decode().split("\n"))
    # CLOCK_MONOTONIC, whatever the language calls it.
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    print(json.dumps({"pid": pid, "now": now, "fields": fields}), flush=True)
