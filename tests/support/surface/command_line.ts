import { signedTarget } from "../signed.ts";
import { SIGNED_AT, TEN_YEARS } from "./exchange.ts";
import { type Call, type Program, showCalls } from "./program.ts";

const COMMANDS = ["serve", "init", "check", "doctor", "sign", "token", "explain", "health"];
const ENV = { SW_ID: "web", SW_SECRET: "a secret of more than 16 bytes" };

/** The help of every command, as each way to ask for it prints it. */
export function showHelp(program: Program): Promise<string[]> {
  const topics = [...COMMANDS, "help", "version", "nothing"];
  return showCalls(program, [
    ...[["--help"], ["-h"], ["help"], ["version"], ["--version"], ["serve", "--version"]].map(
      (args) => ({ args }),
    ),
    ...COMMANDS.map((command) => ({ args: [command, "--help"] })),
    ...topics.map((topic) => ({ args: ["help", topic] })),
    { args: ["check", "--schema"] },
  ]);
}

const WRONG_COMMAND_LINES: readonly string[][] = [
  [],
  ["serve"],
  ["my-id"],
  ["a", "b", "c"],
  ["chek"],
  ["serv"],
  ["serve", "--confg", "x"],
  ["-x"],
  ["--header"],
  ["-h", "A: b"],
  ["-H", "no colon"],
  ["web", "secret", "--header", "Bad Name: x"],
  ["web", "secret", "--header", "Host: x"],
  ["web", "secret", "--upstream", "ftp://x"],
  ["web", "secret", "--workers", "0"],
  ["web", "secret", "--log-level", "loud"],
  ["--config", "missing.toml"],
  ["--config", "config.txt"],
  ["check"],
  ["check", "a", "b"],
  ["check", "missing.toml"],
  ["sign"],
  ["sign", "a", "b"],
  ["sign", "not a URL"],
  ["sign", "https://user:word@api.example/"],
  ["sign", "ftp://api.example/"],
  ["sign", "https://api.example/", "--curl", "--json"],
  ["sign", "https://api.example/", "--expires", "soon"],
  ["sign", "https://api.example/", "--body", "a", "--body-file", "b"],
  ["sign", "https://api.example/", "--body-file", "missing"],
  ["sign", "https://api.example/", "--method", "GE T"],
  ["sign", "https://api.example/", "--app", "web"],
  ["sign", "https://api.example/", "--config", "missing.toml"],
  ["sign", "https://api.example/", "--gateway", "x"],
  ["explain"],
  ["explain", "a", "b"],
  ["explain", "not a URL"],
  ["explain", "https://api.example/"],
  ["explain", "https://api.example/", "--body-file", "missing"],
  ["explain", "https://api.example/", "--app", "web"],
  ["health", "a", "b"],
  ["health", "x"],
  ["health", "ftp://x"],
  ["health", "http://127.0.0.1:1/"],
];

/** What wrong command lines print. */
export function showWrongCommandLines(program: Program): Promise<string[]> {
  return showCalls(program, [
    ...WRONG_COMMAND_LINES.map((args) => ({ args })),
    { args: ["health"], env: { PORT: "1" }, title: "PORT=1 signway health" },
    { args: ["health"], env: { PORT: "x" }, title: "PORT=x signway health" },
    { args: [], env: { PORT: "x", ...ENV }, title: "PORT=x signway" },
    { args: ["--port", "x"], env: ENV, title: "signway --port x" },
    { args: ["--admin", "x"], env: ENV, title: "signway --admin x" },
  ]);
}

/** What each flag of each command makes of a value that is missing, wrong or empty. */
export async function showWrongFlags(program: Program): Promise<string[]> {
  const calls = await Promise.all(COMMANDS.map((command) => wrongFlags(program, command)));
  return showCalls(program, calls.flat());
}

async function wrongFlags(program: Program, command: string): Promise<Call[]> {
  const [help = ""] = await showCalls(program, [{ args: [command, "--help"] }]);
  const flags = [...help.matchAll(/^> {3}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => `--${name}`);
  return flags
    .filter((flag) => flag !== "--help" && flag !== "--version" && flag !== "--schema")
    .flatMap((flag) => [[flag], [flag, "not a value"], [`${flag}=`]])
    .map((args) => ({ args: [command, ...args] }));
}

/** What is printed of signed URLs: how they are made, and what they mean. */
export function showSigning(program: Program): Promise<string[]> {
  const target = "https://api.example/v1/models?a=b%20c";
  const sign = [
    [],
    ["--json"],
    ["--curl"],
    ["--method", "DELETE", "--expires", "60", "--gateway", "https://gateway.example/signway/"],
    ["--header", "X-A:  b ", "--body", "it's a body", "--curl"],
    ["--header", "Content-Type: text/plain", "--body", "{}", "--json"],
    ["--expires", "99999999"],
    ["--method", "TRACE"],
  ];
  return showCalls(program, [
    ...sign.map((args) => ({ args: ["sign", target, ...args], env: ENV })),
    ...explanations(),
  ]);
}

function explanations(): Call[] {
  const signed = (options: object) =>
    `http://localhost:3000${signedTarget("http://localhost:3000", "https://api.example/v1?a=b", {
      id: ENV.SW_ID,
      secret: ENV.SW_SECRET,
      expires: TEN_YEARS,
      now: SIGNED_AT,
      ...options,
    })}`;
  const url = signed({});
  const withBody = signed({ method: "POST", headers: { "content-length": "2" }, body: "{}" });
  const post = ["--method", "POST", "--body"];
  const urls: [title: string, url: string, ...args: string[]][] = [
    ["a URL that lives too long", url],
    ["the same, as JSON", url, "--json"],
    ["an expired one", signed({ expires: 60 })],
    ["one of another method", url, "--method", "POST"],
    ["one of another app", signed({ id: "other" })],
    ["one of another secret", signed({ secret: "another secret than that" })],
    ["one with a body", withBody, ...post, "{}"],
    ["one with another body", withBody, ...post, "[]"],
    ["one whose body is not given", withBody],
    ["one with a header", signed({ headers: { "x-a": "b" } }), "--header", "X-A: b"],
    ["one with another header", signed({ headers: { "x-a": "b" } }), "--header", "X-A: c"],
    ["one without its header", signed({ headers: { "x-a": "b" } })],
    ["one with a parameter less", url.replace(/&X-Sw-Date=\w+/, "")],
    ["one with a parameter more", `${url}&X-Sw-Other=1`],
    ["one that was cut", url.slice(0, -70)],
    ["one of another target", url.replace("v1", "v2")],
  ];
  return urls.flatMap(([title, url, ...args]) => [
    { title: `signway explain: ${title}`, args: ["explain", url, ...args], env: ENV },
    { title: `signway explain: ${title}, no secret`, args: ["explain", url, ...args] },
  ]);
}
