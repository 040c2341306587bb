import { signedTarget } from "../../../support/signed.ts";
import { wronglySigned } from "../flooded_gateway.ts";

/** What unverified senders may do to a gateway. */
export const FLOODS = [
  "small_pieces",
  "large_bodies",
  "slow_bodies",
  "costly_hosts",
  "late_bodies",
  "long_ids",
] as const;

/** One of {@link FLOODS}. */
export type FloodName = (typeof FLOODS)[number];

/** A gateway under attack. */
export interface Flooded {
  port: number;
  /** An upstream that the test app may call, without a path. */
  upstream: string;
  /** The certificate of the authority, where the gateway speaks TLS. */
  ca?: string;
}

/** How often each thing was answered: a status, or `none` where no response came. */
export type Answers = Map<string, number>;

/**
 * Goes on until it is told to stop, with new requests for those that were answered. Nothing of it may reach
 * the upstream.
 */
export type Flood = (to: Flooded, isOver: () => boolean) => Promise<Answers>;

/** How long a body may be that is signed: the gateway's default. */
export const LARGE = 10 * 1024 * 1024;

/** Wire bytes in each second, of a body in small pieces. */
export const RATE = 5_000_000;

/** How long a URL of a late body lives, and after how long the rest of the body comes. */
export const LATE = { expires: 2, restMs: 3000, half: 65_536 };

/** Heads of 14 kB in each second: 5 Mbit/s. */
export const HEADS_A_SECOND = 45;

// Combining marks of two classes have to be put into order, which takes quadratic time.
const MARKS = 1200;

// It takes a URL parser 28 ms.
const COSTLY_HOST = `a${"%CC%80".repeat(MARKS)}${"%CC%96".repeat(MARKS)}`;

const COSTLY_TARGET = `https://${"\u0300".repeat(MARKS - 100)}${"\u0316".repeat(MARKS - 100)}/`;

/** The head of a GET, as far as a flood chooses it. */
export interface Head {
  path: string;
  host: string;
}

/** A host that URL parsers are slow with: in the head, and in the target that another secret has signed. */
export function costlyHead(number: number): Head {
  if (number % 2) return { path: "/", host: COSTLY_HOST };
  const secret = "another secret of the same app";
  return { path: signedTarget("http://gateway.test/", COSTLY_TARGET, { secret }), host: "a" };
}

/** An app that does not exist, with an id and a target of 7 kB each. */
export function longHead(number: number): Head {
  const id = `${number}-${"i".repeat(7000)}`;
  const target = `https://${number}.example/${"t".repeat(7000)}`;
  return { path: signedTarget("http://gateway.test/", target, { id }), host: "a" };
}

/** The path of a signed URL whose body does not fit. */
export function wrongPath({ upstream }: Flooded): string {
  return wronglySigned("http://gateway.test/", `${upstream}/flood`);
}

/** The path of a signed URL that fits the body of {@link LATE}, and expires while it comes. */
export function latePath({ upstream }: Flooded): string {
  const body = Buffer.alloc(2 * LATE.half, "x");
  const { expires } = LATE;
  return signedTarget("http://gateway.test/", `${upstream}/flood`, {
    method: "POST",
    body,
    expires,
  });
}

/** Counts one answer more. */
export function countAnswer(answers: Answers, status: number | undefined): void {
  const name = status === undefined ? "none" : String(status);
  answers.set(name, (answers.get(name) ?? 0) + 1);
}

/** Repeats a task so many times at once, until it is over. */
export async function repeatedly(
  count: number,
  isOver: () => boolean,
  task: () => Promise<unknown>,
): Promise<void> {
  const repeat = async (): Promise<void> => {
    while (!isOver()) await task();
  };
  await Promise.all(Array.from({ length: count }, repeat));
}

/** Waits, at most until it is over. */
export async function wait(ms: number, isOver: () => boolean): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end && !isOver();) {
    await Bun.sleep(Math.min(20, ms));
  }
}
