/** What a gateway was told and must never say. */
export interface Told {
  /** Signing secrets. */
  secrets: readonly string[];
  /** Its command line. */
  args: readonly string[];
  /** Its environment. */
  env: Readonly<Record<string, string>>;
}

// Shorter values stand in honest texts by chance: tests use secrets such as `a`.
const TELLING = 12;

// A caller chooses these, and may choose what looks like a signature.
const CHOSEN = /"(request_id|upstream_request_id|app|upstream)":"([^"\\]|\\.)*"/g;

const SECRET_NAME = /secret|key|token/i;

/**
 * What of a gateway's secrets stands in a text: plain, percent-encoded or in base64; and signatures, tokens,
 * signed queries and the queries of upstreams, whosever they are.
 *
 * @param text all that a gateway wrote
 * @param told what it was told
 * @returns what was found, by kind; nothing of the secret itself
 */
export function findLeaks(text: string, told: Told): string[] {
  const leaks: string[] = [];
  for (const [kind, value] of secretsOf(told)) {
    if (value.length >= TELLING && spellings(value).some((spelling) => text.includes(spelling))) {
      leaks.push(kind);
    }
  }
  const own = text.replace(CHOSEN, "");
  if (/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i.test(own)) leaks.push("a signature");
  if (/X-Sw-(Signature|Credential|Proxy)(=|%3D)/i.test(own)) leaks.push("a signed query");
  if (/eyJ[\w-]{9,}\.[\w-]{9,}/.test(text)) leaks.push("a token");
  if (/"upstream":"[^"]*[?#]/.test(text)) leaks.push("a query of an upstream");
  return leaks;
}

function secretsOf({ secrets, args, env }: Told): [kind: string, value: string][] {
  const headers = args.filter((_, index) => /^(--header|-H|-h)$/.test(args[index - 1] ?? ""));
  return [
    ...secrets.map((value): [string, string] => ["a signing secret", value]),
    ...headers.map((line): [string, string] => [
      "an injected header",
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
    ...Object.entries(env)
      .filter(([name]) => SECRET_NAME.test(name))
      .map(([name, value]): [string, string] => [`the variable ${name}`, value]),
  ];
}

/** A value as it may stand in a text: plain, percent-encoded, in base64 at any offset. */
export function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((offset) => {
    // The first and last groups hold bits of their neighbours.
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    return encoded.slice(4, Math.floor(bytes.length / 3) * 4);
  });
  const encoded = [
    encodeURIComponent(value),
    new URLSearchParams({ v: value }).toString().slice(2),
  ];
  return [value, bytes.toString("latin1"), ...encoded, ...base64];
}
