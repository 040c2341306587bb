import { createHash } from "node:crypto";
import { createRandom } from "../../support/random.ts";
import { isUpload, MAX_BODY, type Plan } from "./plan.ts";

const POOL = randomBytes(4 * MAX_BODY);

/** A checksum that both ends of an exchange can compute. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The bytes that an exchange of this number uploads or downloads; no two numbers share them. */
export function bytesOf({ number, size }: Pick<Plan, "number" | "size">): Buffer {
  const start = (number * 7919) % (POOL.length - MAX_BODY);
  const bytes = Buffer.from(POOL.subarray(start, start + size));
  bytes.write(`${number};`, "latin1");
  return bytes;
}

/** The body of the answer that a client has to get, to the byte. */
export function answerBody(plan: Plan): Buffer {
  if (isUpload(plan)) return receipt(plan.number, plan.size, digestOf(bytesOf(plan)));
  if (plan.kind === "events") return Buffer.concat(eventsOf(plan));
  if (plan.kind === "json") return jsonOf(plan);
  return bytesOf(plan);
}

/** What an upstream answers to an upload: what it got. */
export function receipt(number: number, size: number, digest: string): Buffer {
  return Buffer.from(JSON.stringify({ number, size, digest }));
}

/** The events of a stream, one piece each. */
export function eventsOf({ number, size }: Plan): Buffer[] {
  return Array.from({ length: size }, (_, index) => {
    const text = bytesOf({ number: number + index, size: 20 + ((number * 31 + index) % 150) });
    return Buffer.from(`id: ${number}-${index}\ndata: ${text.toString("base64")}\n\n`);
  });
}

/** An event stream as its reader sees it: without the comments that keep it alive. */
export function withoutComments(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replace(/^:.*\n/gm, ""), "latin1");
}

function jsonOf(plan: Plan): Buffer {
  const text = bytesOf(plan).toString("base64");
  return Buffer.from(JSON.stringify({ number: plan.number, text }));
}

function randomBytes(length: number): Buffer {
  const random = createRandom(1);
  return Buffer.from(Uint32Array.from({ length: length / 4 }, () => random.below(2 ** 32)).buffer);
}
