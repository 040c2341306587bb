import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { tokenScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import {
  amounts,
  FileStage,
  issueToken,
  reserve,
  settle,
  use,
} from "../../../support/ledger/file_stage.ts";
import { requirement } from "../../../support/requirement.ts";
import { assertContainers } from "../../../operations/packaging/contained.ts";

let stage: FileStage;

beforeEach(async () => void (stage = await FileStage.create()));
afterEach(() => stage.remove());

describe("a start fails with", () => {
  test("a file that another process uses", async () => {
    await using _ = await stage.start();
    expect(await stage.failure()).toBe(
      `in_use: the ledger ${stage.path}: another process uses it (SQLITE_BUSY), exit 1`,
    );
  });

  test("a file that is no database", async () => {
    await writeFile(stage.path, "no database at all ".repeat(1_000));
    expect(await stage.failure()).toMatch(
      /^corrupt: the ledger .*: it is corrupt; .*SQLITE_NOTADB/,
    );
  });

  test("a database of somebody else", async () => {
    const database = new Database(stage.path);
    database.run("CREATE TABLE notes(text)");
    database.close();
    expect(await stage.failure()).toMatch(
      /^foreign: .*: it is no ledger of this version; give another path, exit 1$/,
    );
  });

  test("a file with a broken page after an unclean end", async () => {
    const store = await stage.startAndWait();
    const token = issueToken();
    for (let index = 0; index < 300; index++) {
      const scope = tokenScope("web", `a longer name, of the token with the number ${index}`);
      await reserve(store, `${index}`, token, [{ ...use, scope }]);
      await settle(store, `${index}`);
    }
    // The pages are in the file itself then.
    await store.close();
    await (await stage.start()).kill();
    const file = await open(stage.path, "r+");
    const { size } = await file.stat();
    await file.write(new Uint8Array(4_096).fill(0xff), 0, 4_096, size - 8_192);
    await file.close();
    expect(await stage.failure()).toMatch(/^corrupt: /);
  });

  test("a folder that does not exist", async () => {
    await rm(stage.folder, { recursive: true });
    expect(await stage.failure()).toMatch(
      /^no_folder: .*: its folder does not exist; create it for the gateway's user, .*\(ENOENT\)/,
    );
    await mkdir(stage.folder);
  });
});

test("the file is readable for its user alone", async () => {
  await using _ = await stage.start();
  expect((await stat(stage.path)).mode & 0o777).toBe(0o600);
});

const containers = await requirement("a namespace with a file system of its own", assertContainers);

/** Runs a command with a file system of 1 MB in the folder. */
const onSmallDisk = () => [
  ...[
    "unshare",
    "--mount",
    "sh",
    "-ec",
    'mount -t tmpfs -o size=1m tmpfs "$0"; exec "$@"',
    stage.folder,
  ],
];

describe.skipIf("reason" in containers)("a disk", () => {
  test("that is full refuses reservations, keeps what is reserved, and lets settlements wait", async () => {
    await using store = await stage.startAndWait({ inside: onSmallDisk() });
    const token = issueToken();
    await reserve(store, "1", token);
    await store.shell(`dd if=/dev/zero of=${stage.folder}/filler bs=4k`);
    await expect(reserve(store, "2", token)).rejects.toThrow("the store failed");
    await expect(settle(store, "1")).rejects.toThrow("the store failed");
    expect(await amounts(store)).toEqual({ uses: [0, 1], tokens: [0, 100], concurrent: [0, 1] });
    expect(store.failures).toEqual(["SQLITE_FULL"]);
    await store.shell(`rm ${stage.folder}/filler`);
    expect(await settle(store, "1")).toEqual({ was: "open" });
    expect(await reserve(store, "3", token)).toMatchObject({ kind: "reserved" });
    expect(await amounts(store)).toEqual({ uses: [1, 1], tokens: [30, 100], concurrent: [0, 1] });
  });

  test("that cannot be written does not let the ledger start", async () => {
    await (await stage.start()).close();
    const readOnly = [
      ...["unshare", "--mount", "sh", "-ec"],
      ...['mount --bind "$0" "$0"; mount -o remount,ro,bind "$0"; exec "$@"', stage.folder],
    ];
    expect(await stage.failure({ inside: readOnly })).toMatch(/^read_only: .*it cannot be written/);
  });
});
