import { cp, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The user that the image names. */
export const IMAGE_USER = 65532;

/** A folder's files made into a container's, without a container runtime. */
export interface Container extends AsyncDisposable {
  /** What to start, with the program's arguments behind it. */
  command: string[];
}

/** What a container gets beside its own files. */
export interface ContainerOptions {
  /** Default: the image's. */
  user?: number;
  /** By their absolute paths inside; `/etc/hosts` as a container runtime would write it. Default: none. */
  files?: Record<string, string>;
  /** An emulator on this machine, statically linked. Default: none. */
  emulator?: string;
  /** What is run inside. Default: `/signway`. */
  program?: string[];
}

// What is mounted onto a read-only root must be there before: a container runtime does the same. The
// process notes its id as this machine has it, whose /proc it still sees.
const MOUNT = `read -r id rest </proc/self/stat
echo "$id" >>"$1/processes"
mount -t overlay overlay -o "lowerdir=$1:$2" "$1/root"
mount -t proc -o nosuid,nodev,noexec proc "$1/root/proc"
mount --bind /dev "$1/root/dev"
user=$3 root=$1/root
shift 3
exec setpriv --no-new-privs chroot --userspec="$user:$user" --groups= "$root" "$@"`;

/**
 * Prepares a container: the files of a folder as the whole file system, read-only, in mount and
 * process namespaces of their own, under a user without capabilities. It shares this machine's
 * network, so that tests reach it.
 *
 * @param root the folder; or several with colons between them, of whose files of one name the first has its way
 * @param options what it gets beside
 */
export async function contain(root: string, options: ContainerOptions = {}): Promise<Container> {
  const { user = IMAGE_USER, files = {}, emulator, program = ["/signway"] } = options;
  const points = await mkdtemp(join(tmpdir(), "signway-container-"));
  for (const name of ["root", "proc", "dev"]) await mkdir(join(points, name));
  for (const [path, text] of Object.entries({ "/etc/hosts": "127.0.0.1 localhost\n", ...files })) {
    await mkdir(dirname(join(points, path)), { recursive: true });
    await writeFile(join(points, path), text);
  }
  await cp("/etc/resolv.conf", join(points, "etc/resolv.conf"), { dereference: true });
  if (emulator) await cp(emulator, join(points, "emulator"));
  await Bun.$`chmod -R a+rX ${points}`;
  const inside = emulator ? ["/emulator", ...program] : program;
  const namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"];
  return {
    command: [...namespaces, "sh", "-ec", MOUNT, "sh", points, root, String(user), ...inside],
    [Symbol.asyncDispose]: async () => {
      await killAll(await readFile(join(points, "processes"), "utf8").catch(() => ""));
      await rm(points, { recursive: true, force: true });
    },
  };
}

// The kernel forgets --kill-child when the process takes another user.
async function killAll(processes: string): Promise<void> {
  const namespaceOf = (id: string) => readlink(`/proc/${id}/ns/pid`).catch(() => undefined);
  const here = await namespaceOf("self");
  for (const id of processes.split("\n").filter(Boolean)) {
    const namespace = await namespaceOf(id);
    if (namespace !== undefined && namespace !== here) process.kill(Number(id), "SIGKILL");
  }
}

/** Throws what is missing when this process may not make a container, or a tool for it is not there. */
export async function assertContainers(...tools: string[]): Promise<void> {
  const missing = ["unshare", "setpriv", "chroot", ...tools].filter((tool) => !Bun.which(tool));
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(", ")}`);
  const script =
    "d=$(mktemp -d); mkdir $d/a $d/b $d/c; mount -t overlay overlay -o lowerdir=$d/a:$d/b $d/c";
  const trial = await Bun.$`unshare --mount --pid --fork sh -ec ${script}`.quiet().nothrow();
  if (trial.exitCode !== 0) {
    const reason = trial.stderr.toString().trim();
    throw new Error(`root with the right to mount (CAP_SYS_ADMIN, overlay) is needed: ${reason}`);
  }
}
