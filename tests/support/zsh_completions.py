"""Prints what zsh proposes for a command line: zsh_completions.py 'signway token --env '

It needs a terminal, because zsh completes nowhere else. Reads the completions from .completions/_signway.
"""

import os
import pty
import re
import select
import sys
import time

SETUP = r"""
PROMPT='READY> '
fpath=($PWD/.completions $fpath)
autoload -Uz compinit && compinit -u -d $PWD/.zcompdump
zstyle ':completion:*' verbose no
zstyle ':completion:*' list-separator ''
zstyle ':completion:*' menu no
# In place of inserting or listing them, every match is printed.
compadd() {
  local -a proposed
  if (( ${@[(I)-O|-A|-D]} )); then builtin compadd "$@"; return; fi
  builtin compadd -O proposed "$@"
  builtin compadd "$@"
  local each
  for each in $proposed; do print -r -- "MATCH<$each>" >> $PWD/.matches; done
}
tell() { print > $PWD/.done }
comppostfuncs=(tell)
print READY-$((1 + 1))
"""


def wait_until(terminal, is_done):
    """Reads the output, so that zsh is never kept from writing, until it or a file tells that something is done."""
    output, deadline = b"", time.monotonic() + 30
    while not is_done(output):
        if time.monotonic() > deadline:
            sys.exit("zsh did not complete")
        if select.select([terminal], [], [], 0.05)[0]:
            output += os.read(terminal, 4096)


for name in (".matches", ".done"):
    if os.path.exists(name):
        os.remove(name)
with open(".setup.zsh", "w") as file:
    file.write(SETUP)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp("zsh", ["zsh", "-f", "-i"])
os.write(terminal, b"source ./.setup.zsh\n")
wait_until(terminal, lambda output: b"READY> " in output.partition(b"READY-2")[2])
os.write(terminal, sys.argv[1].encode() + b"\t")
wait_until(terminal, lambda _: os.path.exists(".done"))
os.kill(pid, 9)
os.waitpid(pid, 0)
if os.path.exists(".matches"):
    with open(".matches") as file:
        words = dict.fromkeys(re.findall(r"^MATCH<(.*)>$", file.read(), re.M))
    print("\n".join(words))
