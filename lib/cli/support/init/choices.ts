import { origin } from "../../../config/rows/value_types.ts";
import { CREDENTIALS, type InitFlagName, PLACES } from "../../arguments/init_flags.ts";
import { mistakesInUrl } from "../signing/request_to_sign.ts";
import { type Api, KNOWN_APIS, otherApi } from "./known_apis.ts";

/** What `signway init` has to know. */
export interface Choices {
  api: Api;
  /** The origins of the pages that call the gateway. */
  origins: readonly string[];
  credential: (typeof CREDENTIALS)[number];
  place: (typeof PLACES)[number];
}

/** A question of `signway init`, which an option answers too. */
export interface Question<Value> {
  flag: InitFlagName;
  /** The question, in lines. */
  text: string;
  /** The answer to an empty line; absent when an answer is needed without a terminal. */
  default?: string;
  /** The proposal on a terminal. */
  proposal: string;
  /** Reads an answer; a text in place of a value is a mistake. */
  read: (answer: string) => { value: Value } | string;
}

/** The four questions, in their order. */
export const QUESTIONS: { readonly [Key in keyof Choices]: Question<Choices[Key]> } = {
  api: {
    flag: "api",
    text: "Which API is called? openai, anthropic, google, or the URL of another one.",
    proposal: "openai",
    read: readApi,
  },
  origins: {
    flag: "origin",
    text: "Which pages call it? Their origins, such as https://app.example.com, separated by\ncommas. Nothing, if only programs call it.",
    default: "",
    proposal: "",
    read: readOrigins,
  },
  credential: {
    flag: "credential",
    text: "What do callers get? token: an access token for SDKs and agents. url: signed URLs\nfor single requests.",
    default: "token",
    proposal: "token",
    read: (answer) => choice(answer, CREDENTIALS),
  },
  place: {
    flag: "place",
    text: "Where does the gateway run? local: on this machine, to try it. proxy: behind nginx\nor Caddy on one machine. container.",
    default: "local",
    proposal: "local",
    read: (answer) => choice(answer, PLACES),
  },
};

function readApi(answer: string): { value: Api } | string {
  if (Object.hasOwn(KNOWN_APIS, answer)) {
    return { value: KNOWN_APIS[answer as keyof typeof KNOWN_APIS] };
  }
  const [mistake] = mistakesInUrl("the API", answer, "https://api.example.com/v1/");
  if (mistake) return `${mistake}, and not openai, anthropic or google`;
  const { href } = new URL(answer);
  if (/[?#]/.test(href)) return "the API has a query or a fragment: remove it";
  return { value: otherApi(href) };
}

function readOrigins(answer: string): { value: readonly string[] } | string {
  const origins = answer
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const isWrong = origins.some((text) => !origin.safeParse(text).success);
  return isWrong
    ? "an origin is a scheme and a host, such as https://app.example.com"
    : { value: [...new Set(origins)] };
}

function choice<Value extends string>(
  answer: string,
  values: readonly Value[],
): { value: Value } | string {
  const value = values.find((known) => known === answer);
  return value === undefined ? `the answer is ${values.join(" or ")}` : { value };
}
