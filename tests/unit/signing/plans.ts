import type { Draft, TestRequest } from "./draft.ts";
import type { Random } from "../../support/random.ts";
import { type Dialect, DIALECTS } from "./reference.ts";

/** Pieces that mean something to some stage of the canonical request. */
const PIECES = [
  ..."a0:;&=%+ ,/",
  "%0A",
  "%26",
  "%3B",
  "%2B",
  "x-a",
  "x-a:",
  "&X-Sw-Body=true",
  "&X-Sw-Expires=60",
];
const LINE_ENDS = ["\n", "\r\n", "\n\n", "\nx-a:", "\n\nx-a\n"];

/** A request as its five free texts, between which pieces are moved. */
interface Texts {
  id: string[];
  target: string[];
  a: string[];
  b: string[];
  body: string[];
}

/** Pieces that some decoder takes for each other. */
const TWINS = new Map([
  [" ", "+"],
  ["+", " "],
  ["%2B", "+"],
  ["%26", "&"],
  ["&", "%26"],
]);

const FIELDS = ["id", "target", "a", "b", "body"] as const;

/** A whole request: the texts, and what is chosen from few. */
export interface Plan {
  method: string;
  path: string;
  expires: string;
  names: string[];
  signsBody: boolean;
  dialect: Dialect;
  texts: Texts;
}

/** A plan that is valid as a whole. */
export function randomPlan(random: Random): Plan {
  const pieces = (more: string[] = []) =>
    Array.from({ length: random.below(4) }, () => random.pick([...PIECES, ...more]));
  return {
    method: random.pick(["GET", "POST", "GET\n/"]),
    path: random.pick(["/", "/a", "/%0A", "/a&X-Sw-Body=true"]),
    expires: random.pick(["6", "60"]),
    names: random.pick([[], ["x-a"], ["x-b"], ["x-a", "x-b"], ["x-b", "x-a"], ["x-a", "x-a-b"]]),
    signsBody: random.below(2) === 0,
    dialect: random.pick(Object.keys(DIALECTS) as Dialect[]),
    texts: {
      id: ["i", ...pieces()],
      target: pieces(LINE_ENDS),
      a: pieces(),
      b: pieces(),
      body: pieces(LINE_ENDS),
    },
  };
}

/** The same request with one choice made anew, or one piece moved, encoded or decoded. */
export function neighbourOf(plan: Plan, random: Random): Plan {
  const fresh = randomPlan(random);
  const key = random.pick(["method", "path", "expires", "names", "signsBody"] as const);
  if (random.below(3) === 0) return { ...plan, [key]: fresh[key] };
  const texts = structuredClone(plan.texts);
  const at = random.below(FIELDS.length - 1);
  const [from, to] = [texts[FIELDS[at] ?? "id"], texts[FIELDS[at + 1] ?? "body"]];
  const [last = "a", first = "a"] = [from.at(-1), to[0]];
  random.pick([
    () => to.unshift(from.length > 1 ? (from.pop() ?? "a") : "a"),
    () => from.push(to.shift() ?? "a"),
    () => from.splice(-1, 1, encodeURIComponent(last)),
    () => from.splice(-1, 1, TWINS.get(last) ?? random.pick(PIECES)),
    () => to.splice(0, 1, encodeURIComponent(first)),
    () => to.splice(0, 1, /%\w\w/.test(first) ? decodeURIComponent(first) : "%26"),
  ])();
  return { ...plan, texts };
}

/** The same query with less of it encoded than a signer would, as some clients send it. */
export function respelled(request: TestRequest): TestRequest {
  const query = request.query.replace(/%(2F|3A|3B|2C|20|40)/g, (escape) =>
    decodeURIComponent(escape),
  );
  return { ...request, query };
}

/** What is signed of it. */
export function draftOf({ method, path, expires, names, signsBody, dialect, texts }: Plan): Draft {
  const line = (pieces: string[]) => pieces.join("").replace(/[\r\n]+/g, "");
  const values: Record<string, string> = {
    "x-a": line(texts.a),
    "x-b": line(texts.b),
    "x-a-b": "c",
  };
  return {
    method,
    path,
    dialect,
    headers: Object.fromEntries(names.map((name) => [name, values[name] ?? ""])),
    parameters: {
      "X-Sw-Credential": `${line(texts.id)}/20261122`,
      "X-Sw-Expires": expires,
      "X-Sw-Proxy": `https://a.example/${texts.target.join("")}`,
    },
    ...(signsBody && { body: texts.body.join("") }),
  };
}
