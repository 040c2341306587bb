import { describe, expect, test } from "bun:test";
import { mistakesOf } from "./command_line.ts";

const ID = ["web", "a secret"];

describe("one mistake gives one message, which names the option", () => {
  test.each<[string[], RegExp]>([
    [["web"], /^SECRET\b.*SW_SECRET\b.*missing.*\bsecret\b/],
    [["web", ""], /^SECRET\b.*blank/],
    [["", "a secret"], /^ID\b.*blank/],
    [[...ID, "third"], /^too many arguments/],
    [[...ID, "--port", "http"], /--port\b/],
    [[...ID, "--port", "65536"], /--port\b.*65535/],
    [[...ID, "--port", "99999999"], /--port\b/],
    [[...ID, "--port", "-1"], /--port\b/],
    [[...ID, "--port", "127.0.0.1:80"], /^--port must be a number from 0 to 65535$/],
    [[...ID, "--host", "127.0.0.1:80"], /^--host\b.*without a port.*--port/],
    [[...ID, "--port", ""], /--port\b/],
    [[...ID, "--host", "a b"], /--host\b/],
    [[...ID, "--host", "https://a.example"], /--host\b/],
    [[...ID, "--max-expires", "-1"], /^--max-expires\b.*whole number/],
    [[...ID, "--max-expires", "1e3"], /^--max-expires\b.*whole number/],
    [[...ID, "--max-expires", "1.5"], /^--max-expires\b/],
    [[...ID, "--max-expires", "9999999999"], /^--max-expires\b/],
    [[...ID, "--clock-skew", "soon"], /^--clock-skew\b.*whole number/],
    [[...ID, "--clock-skew", "86401"], /^--clock-skew\b.*86400/],
    [[...ID, "--max-signed-body", "10M"], /^--max-signed-body\b.*whole number/],
    [[...ID, "--sse-heartbeat", "0x10"], /^--sse-heartbeat\b/],
    [[...ID, "--head-timeout", ""], /^--head-timeout\b/],
    [[...ID, "--drain", " 5"], /^--drain\b/],
    [[...ID, "--log-level", "loud"], /^--log-level\b.*debug, info, warn, error, silent/],
    [[...ID, "--public-path", "signway"], /^--public-path\b.*such as \/signway/],
    [[...ID, "--public-path", "/a?b"], /^--public-path\b/],
    [[...ID, "--upstream", "api.example.com"], /^--upstream\b.*absolute http or https URL/],
    [[...ID, "--upstream", "https://u:p@a.example/"], /^--upstream\b.*contains credentials/],
    [[...ID, "--upstream", "https://a.example/?b"], /^--upstream\b.*query/],
    [
      [...ID, "--upstream", "https://a.example/", "--upstream", "https://a.example"],
      /^--upstream number 2\b/,
    ],
    [[...ID, "--header", "Authorization"], /^--header number 1\b.*'Name: value'/],
    [[...ID, "--header", "A: b", "--header", "C"], /^--header number 2\b/],
    [[...ID, "--header", "A: b", "--header", "a: c"], /^--header\b.*twice/],
    [[...ID, "--header", "A:"], /^--header\b.*an empty value/],
    [
      [...ID, "--header", "Authorization: Bearer "],
      /^--header Authorization\b.*without credentials/,
    ],
    [
      [...ID, "--header", "A: Bearer ${KEY}"],
      /^--header A\b.*the shell did not replace.*double quotes/,
    ],
    [[...ID, "--header", "Host: a"], /^--header\b.*Host is not allowed/],
    [[...ID, "--header", "A: b\nC: d"], /^--header\b.*no header may have/],
    [
      [...ID, "--access-control-allow-origin", "a.example"],
      /^--access-control-allow-origin\b.*origin/,
    ],
    [
      [...ID, "--access-control-allow-origin", "https://a.example/x"],
      /^--access-control-allow-origin\b/,
    ],
    [
      [...ID, "--access-control-allow-origin", "https://a.example,"],
      /^--access-control-allow-origin\b/,
    ],
    [[...ID, "--access-control-allow-methods", "GET,"], /^--access-control-allow-methods\b/],
  ])("%j", (args, complaint) => {
    const mistakes = mistakesOf(args);
    expect(mistakes).toEqual([expect.stringMatching(complaint)]);
  });

  test("a PORT in the environment that is no port", () => {
    for (const PORT of ["http", "65536", "-1", "3000x"]) {
      expect(mistakesOf(ID, { env: { PORT } })).toEqual([expect.stringMatching(/PORT/)]);
    }
  });
});

test("all mistakes are reported at once, each of them once", () => {
  const mistakes = mistakesOf([
    "web",
    "",
    ...["--port", "x", "--drain", "y", "--log-level", "z"],
    ...["--upstream", "a", "--upstream", "b", "--upstream", "https://good.example/"],
    ...["--header", "Host: a", "--header", "nonsense", "--header", "X-Good: a"],
    ...["--access-control-allow-origin", "c"],
  ]);
  const found = mistakes.join("\n");
  for (const part of [
    "SECRET",
    "--port",
    "--drain",
    "--log-level",
    "--upstream number 1",
    "--upstream number 2",
    "Host",
    "--header number 2",
    "--access-control-allow-origin",
  ]) {
    expect(found).toContain(part);
  }
  expect([...mistakes]).toEqual([...new Set(mistakes)]);
  expect(found).not.toMatch(/X-Good|number 3/);
});

test("a command line without anything wants an id and a secret", () => {
  expect(mistakesOf([])).toEqual([
    expect.stringMatching(/^ID\b.*SW_ID\b/),
    expect.stringMatching(/^SECRET\b.*SW_SECRET\b/),
  ]);
});

test.each([["--tls-cert"], ["--tls-key"]])("without a file, what %s lacks is a flag", (flag) => {
  const mistakes = mistakesOf(["web", "a secret", flag, "nowhere.pem"]);
  expect(mistakes).toContain("--tls-cert and --tls-key must be set together");
});
