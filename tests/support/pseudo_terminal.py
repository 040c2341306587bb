"""Runs a command in a terminal of its own: pseudo_terminal.py JSON COMMAND...

JSON is a list of pairs: a text to wait for in the output, and the text to type then. Prints all of the output, and
ends with the command's exit code.
"""

import json
import os
import pty
import select
import sys
import time

script = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])

output = b""
read_to = 0
deadline = time.monotonic() + 30
while time.monotonic() < deadline:
    if script and script[0][0].encode() in output[read_to:]:
        expected, typed = script.pop(0)
        read_to = len(output)
        os.write(terminal, typed.encode())
    if not select.select([terminal], [], [], 0.05)[0]:
        continue
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    output += piece
else:
    os.kill(pid, 9)

sys.stdout.buffer.write(output)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
