import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { freePort } from "../../support/free_port.ts";
import { ROOT } from "../../support/root.ts";
import { launchChromium, type Page } from "../chromium.ts";
import { checkOut, isListening } from "./checkout.ts";
import { runShell, type Shell, startShell } from "./shell.ts";

const QUESTION = "Who carries the key, when I do not?";

const chromium = await launchChromium();
const checkout = await checkOut("react_chat");
const port = await freePort();
const example = await checkout.copy("react_chat", port);
const [install, start] = example.commands as [string, string];
let backend: Shell;

beforeAll(async () => {
  await runShell(install, example.folder);
  backend = startShell(start, example.folder);
  await backend.until("the backend listens", () => isListening(port));
});
afterAll(async () => {
  await backend.stop();
  await checkout[Symbol.asyncDispose]();
  if ("value" in chromium) await chromium.value.close();
});

/** Signs in and asks, and yields the page with the credentials that it sends to the gateway. */
async function ask(password: string): Promise<{ page: Page; credentials: string[] }> {
  if ("reason" in chromium) throw new Error(chromium.reason);
  const page = await chromium.value.newPage({ httpCredentials: { username: "ada", password } });
  const credentials: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(checkout.gateway) || request.method() === "OPTIONS") return;
    credentials.push(request.headers()["authorization"] ?? "none");
  });
  await page.goto(`http://localhost:${port}/`);
  await page.getByLabel("Your question").fill(QUESTION);
  await page.getByRole("button", { name: "Ask" }).click();
  return { page, credentials };
}

describe.skipIf("reason" in chromium)("examples/react_chat, in Chromium", () => {
  test("streams the answer to a signed-in user, with a token", async () => {
    const { page, credentials } = await ask("my-password");
    await page.getByText(`Model: “${QUESTION}”`).waitFor();
    await page.getByRole("button", { name: "Ask" }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(credentials).toEqual([expect.stringMatching(/^Bearer eyJ/)]);
    const payload = Buffer.from(credentials[0]!.split(".")[1]!, "base64url");
    expect(JSON.parse(payload.toString())).toMatchObject({ iss: "web", sub: "ada" });
    await page.screenshot({ path: `${ROOT}/.cache/screenshots/react_chat.png` });
    await page.close();
  }, 60_000);

  test("shows a stranger the refusal of the backend, and asks the gateway nothing", async () => {
    const { page, credentials } = await ask("another-password");
    const alert = await page.getByRole("alert").textContent();
    expect(alert).toBe('the backend gave no token: status 401: {"error":"Sign in first."}');
    expect(credentials).toEqual([]);
    await page.close();
  }, 60_000);
});

test("the types of examples/react_chat are right", async () => {
  await runShell("bun check --project tsconfig.json", example.folder);
}, 60_000);

test("examples/react_chat does not start without a secret", async () => {
  const idle = startShell(start.replace("sw_secret", "no_secret"), example.folder);
  expect(await idle.exited).not.toBe(0);
  await idle.stop();
  expect(idle.output()).toContain("SW_SECRET has to be set");
});
