import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { copyFile, rm, stat, truncate } from "node:fs/promises";
import { FileStage, issueToken } from "../../../support/ledger/file_stage.ts";
import { type OneTimeToken, TokenFleet } from "../../../support/ledger/token_fleet.ts";
import { waitUntil } from "../../../support/wait_until.ts";

type StartOptions = Parameters<typeof TokenFleet.start>[1];

// No file that the process writes may have more than 600 blocks of 512 bytes, as on a disk that is full. The signal would
// kill it before it gets the error.
const ON_FULL_DISK = ["sh", "-ec", 'trap "" XFSZ; ulimit -f 600; exec "$@"', "sh"];

const CLIENTS = 4;

/** What becomes of a file and of the supervisor that uses it, until another one starts. */
interface Failure {
  name: string;
  first?: StartOptions;
  next?: StartOptions;
  /** Happens to the file while tokens are spent. */
  during?: (path: string) => Promise<void>;
  /** Happens to the file after the end of the supervisor. `synced`: how much of its log was on the disk at its start. */
  after?: (path: string, synced: number) => Promise<void>;
  /** Whether the supervisor cannot write in the end. */
  isDiskFull?: boolean;
  /** What the next supervisor answers to a token that was not tried before. */
  unspent: "spent" | "token_predates_ledger";
}

const FAILURES: Failure[] = [
  { name: "kill -9", unspent: "spent" },
  {
    name: "a power cut that loses what was not synced",
    first: { boot: "one" },
    next: { boot: "two" },
    after: (path, synced) => truncate(`${path}-wal`, synced),
    unspent: "token_predates_ledger",
  },
  {
    name: "a full disk and kill -9",
    first: { inside: ON_FULL_DISK },
    isDiskFull: true,
    unspent: "spent",
  },
  {
    name: "a file that is deleted while it is used",
    during: (path) => rm(path),
    after: (path) => rm(`${path}-wal`, { force: true }),
    unspent: "token_predates_ledger",
  },
  {
    name: "a copy that is made in use and restored",
    during: (path) => copyFile(path, `${path}.copy`),
    async after(path) {
      await rm(`${path}-wal`, { force: true });
      await rm(path);
      await copyFile(`${path}.copy`, path);
    },
    unspent: "token_predates_ledger",
  },
];

let stage: FileStage;

beforeEach(async () => void (stage = await FileStage.create()));
afterEach(() => stage.remove());

/** Tokens, with the answers that each of them got. */
class Purse {
  readonly #answers = new Map<string, string[]>();
  readonly #issuedAt = issueToken();
  #issued = 0;

  /** Issues another token. */
  issue(): OneTimeToken {
    return { id: `${this.#issued++}`, issuedAt: this.#issuedAt };
  }

  async spend(fleet: TokenFleet, token: OneTimeToken): Promise<string> {
    const answers = this.#answers.get(token.id) ?? [];
    this.#answers.set(token.id, answers);
    const answer = await fleet.spend(token);
    answers.push(answer);
    return answer;
  }

  /** Tries all tokens again that were tried. */
  async spendAgain(fleet: TokenFleet): Promise<void> {
    const tokens = [...this.#answers.keys()].map((id) => ({ id, issuedAt: this.#issuedAt }));
    await Promise.all(tokens.map((token) => this.spend(fleet, token)));
  }

  /** How many tokens were spent so often. */
  spent(times: number): number {
    const isSpent = (answers: string[]) =>
      answers.filter((one) => one === "spent").length === times;
    return [...this.#answers.values()].filter(isSpent).length;
  }

  /** All answers. */
  codes(): Set<string> {
    return new Set([...this.#answers.values()].flat());
  }
}

/** Spends tokens, each of them on both workers at once, until the supervisor does not answer or its disk is full. */
async function spendUntilEnd(fleet: TokenFleet, purse: Purse): Promise<void> {
  const client = async () => {
    while (!purse.codes().has("no answer") && fleet.failures.length === 0) {
      const token = purse.issue();
      await Promise.all([purse.spend(fleet, token), purse.spend(fleet, token)]);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

describe("no token is spent twice after", () => {
  test.each(FAILURES)("$name", async ({ first, next, during, after, isDiskFull, unspent }) => {
    const { path } = stage;
    await using one = await TokenFleet.start(path, first);
    const { size } = await stat(`${path}-wal`);
    await Bun.sleep(150);
    const purse = new Purse();
    const untried = purse.issue();
    const spending = spendUntilEnd(one, purse);
    await waitUntil("spent tokens", async () => purse.spent(1) >= 10);
    await during?.(path);
    if (isDiskFull) await spending;
    await one.kill();
    await spending;
    await after?.(path, size);
    expect([...new Set(one.failures)]).toEqual(isDiskFull ? ["SQLITE_IOERR_WRITE"] : []);

    await using other = await TokenFleet.start(path, next);
    await purse.spendAgain(other);
    expect(purse.spent(1)).toBeGreaterThan(0);
    expect(purse.spent(2)).toBe(0);
    expect(await purse.spend(other, untried)).toBe(unspent);
  });
});

test("a second supervisor does not start, and the first one goes on", async () => {
  const { path } = stage;
  await using first = await TokenFleet.start(path);
  await Bun.sleep(150);
  const [one, other] = ["1", "2"].map((id) => ({ id, issuedAt: issueToken() }));
  expect(await first.spend(one!)).toBe("spent");
  await expect(TokenFleet.start(path)).rejects.toThrow("in_use, exit 1");
  expect(await first.spend(one!)).toBe("uses_exhausted");
  expect(await first.spend(other!)).toBe("spent");
});
