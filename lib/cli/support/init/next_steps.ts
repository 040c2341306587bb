import { quoteWord } from "../text/quote_word.ts";
import type { Choices } from "./choices.ts";

/** The path of the file in a container. */
const INSIDE = "/etc/signway/signway.toml";

/** The step that sets the variables. */
const SETTING = 2;

/**
 * Writes what to do with a new configuration file, as commands for a POSIX shell.
 *
 * @param file its path
 * @param choices that it was written for
 * @returns the lines, each with a newline
 */
export function nextSteps(file: string, choices: Choices): string {
  const { api, place } = choices;
  const path = quoteWord(file);
  const steps = [
    [
      "Make the secret that your backend signs with:",
      "(umask 077; openssl rand -hex 32 > sw_secret)",
    ],
    [
      "Set the secret and the key of the API:",
      'export SW_SECRET="$(cat sw_secret)"',
      `export ${api.variable}='your key'`,
    ],
    startStep(file, choices),
    [
      `In another terminal, in the same folder, repeat step ${SETTING} and call the API:`,
      ...call(path, choices),
    ],
    ...(place === "local" ? [] : [front(path)]),
  ];
  const lines = steps.map(([title, ...commands], index) =>
    [`${index + 1}. ${title}`, ...commands.map((command) => `   ${command}`)].join("\n"),
  );
  return `Wrote ${path}. What to do next:\n\n${lines.join("\n\n")}\n`;
}

function startStep(file: string, { api, place }: Choices): [title: string, ...commands: string[]] {
  const path = quoteWord(file);
  const check = `signway check ${path}`;
  if (place !== "container") {
    return ["Check the file and start the gateway:", check, `signway --config ${path}`];
  }
  const source = file.startsWith("/") ? path : `"$PWD"/${path}`;
  return [
    "Check the file and start the gateway in a container of the image signway:",
    check,
    "docker run -p 3000:3000 --read-only --cap-drop ALL \\",
    `  -v ${source}:${INSIDE}:ro -e SW_SECRET -e ${api.variable} \\`,
    `  signway --config ${INSIDE}`,
  ];
}

function call(path: string, { api, credential }: Choices): string[] {
  const config = `--config ${path}`;
  const more = api.needs ? ` -H '${api.needs}'` : "";
  if (credential === "url") {
    return [`curl "$(signway sign ${quoteWord(api.example)} ${config})"${more}`];
  }
  if (api.sdk) {
    const { client, url, header } = api.sdk;
    return [
      `eval "$(signway token ${config} --env ${client} --to ${quoteWord(api.url)})"`,
      `curl "${url}" -H "${header}"${more}`,
    ];
  }
  const { host, pathname } = new URL(api.example);
  return [
    `token="$(signway token ${config} --to ${quoteWord(api.url)})"`,
    `curl ${quoteWord(`http://127.0.0.1:3000/${host}${pathname}`)} -H "Authorization: Bearer $token"`,
  ];
}

function front(path: string): string[] {
  return [
    "Once it can be reached from outside, check the deployment:",
    `signway doctor https://gateway.example.com --config ${path}`,
  ];
}
