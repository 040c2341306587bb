import { afterAll, describe, expect, test } from "bun:test";
import { ROOT } from "../../support/root.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { launchChromium, type Page } from "../chromium.ts";
import { violationsIn } from "../dashboard/violations.ts";
import { checkOut, OPENAI_KEY } from "./checkout.ts";
import { startOpenAi } from "./openai/openai.ts";
import { ANSWER } from "./openai/spoken_session.ts";
import { tone, wavOf } from "./openai/tone.ts";
import { loudestFrequency, listenToPage } from "./page_sound.ts";
import { runShell, startShell } from "./shell.ts";
import { startPage, type Visit } from "./started_page.ts";

const QUESTION = "Who carries the key, when I do not?";
const RECORDING = { name: "tone.wav", mimeType: "audio/wav" };

/** What the microphone hears, over and over: a tone and a silence. */
const SPOKEN = `${ROOT}/.cache/examples/spoken.wav`;

const openai = startOpenAi(OPENAI_KEY);
const checkout = await checkOut("pages", { openai });
await Bun.write(SPOKEN, wavOf(tone(500, 0.5, 1)));
const chromium = await launchChromium([
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-audio-capture=${SPOKEN}`,
]);

/** What a user does on each page, and what the page says to a stranger. */
const EXAMPLES = [
  { name: "plain_html", act: ask, refusal: "status 401" },
  { name: "react_chat", act: ask, refusal: "status 401" },
  { name: "realtime_voice", act: startTalking, refusal: "Sign in first." },
  { name: "transcription", act: upload, refusal: "status 401" },
];
const PAGES = await Promise.all(
  EXAMPLES.map(async (example) => ({ ...example, ...(await startPage(checkout, example.name)) })),
);

afterAll(async () => {
  for (const { stop } of PAGES) await stop();
  await checkout[Symbol.asyncDispose]();
  if ("value" in chromium) await chromium.value.close();
});

async function ask(page: Page): Promise<void> {
  await page.getByLabel("Your question").fill(QUESTION);
  await page.getByRole("button", { name: "Ask" }).click();
}

async function upload(page: Page, samples = tone(600, 1)): Promise<void> {
  const buffer = Buffer.from(await wavOf(samples).arrayBuffer());
  await page.getByLabel("A recording").setInputFiles({ ...RECORDING, buffer });
  await page.getByRole("button", { name: "Transcribe" }).click();
}

async function startTalking(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start" }).click();
}

async function open(name: string, password = "my-password"): Promise<Visit> {
  if ("reason" in chromium) throw new Error(chromium.reason);
  return PAGES.find((page) => page.name === name)!.open(chromium.value, password);
}

function picture(page: Page, name: string): Promise<Buffer> {
  return page.screenshot({ path: `${ROOT}/.cache/screenshots/${name}.png` });
}

describe.skipIf("reason" in chromium)("in Chromium", () => {
  test.each(["plain_html", "react_chat"])(
    "examples/%s streams the answer to a signed-in user, with a token",
    async (name) => {
      const { page, credentials, elsewhere } = await open(name);
      await ask(page);
      await page.getByText(`“${QUESTION}”`).first().waitFor();
      await page.getByRole("button", { name: "Ask" }).and(page.locator(":enabled")).waitFor();
      expect((await page.getByRole("alert").allTextContents()).join()).toBe("");
      expect(elsewhere).toEqual([]);
      expect(credentials).toEqual([expect.stringMatching(/^Bearer eyJ/)]);
      const payload = Buffer.from(credentials[0]!.split(".")[1]!, "base64url");
      expect(JSON.parse(payload.toString())).toMatchObject({ iss: "web", sub: "ada" });
      await picture(page, name);
      await page.close();
    },
    60_000,
  );

  test("examples/transcription shows the text of a recording, and the API's refusal of another file", async () => {
    const { page, credentials, elsewhere } = await open("transcription");
    await upload(page);
    const text = "A tone of 600 Hz in 48044 bytes, for gpt-4o-mini-transcribe";
    await page.getByText(text).waitFor();
    await picture(page, "transcription");
    const buffer = Buffer.from("no recording");
    await page.getByLabel("A recording").setInputFiles({ ...RECORDING, buffer });
    await page.getByRole("button", { name: "Transcribe" }).click();
    await page.getByText("status 400").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("Invalid file format.");
    expect(await page.getByLabel("Transcript").textContent()).toBe("");
    expect(elsewhere).toEqual([]);
    const [token] = credentials;
    expect(credentials).toEqual([expect.stringMatching(/^Bearer eyJ/), token!]);
    await page.close();
  }, 60_000);

  test("examples/realtime_voice sends the microphone, plays the answer, and can be interrupted", async () => {
    const { page, credentials, elsewhere } = await open("realtime_voice");
    await listenToPage(page);
    await startTalking(page);
    await page.getByText("You: A tone of 500 Hz").first().waitFor();
    await page.getByText(`Model: ${ANSWER.text}`).first().waitFor();
    expect(credentials).toEqual(["in a sub-protocol"]);
    expect(elsewhere).toEqual([]);
    const session = openai.sessions.at(-1)!;
    expect(session.model).toBe("gpt-realtime");
    expect(session.events[0]).toMatchObject({ type: "session.update" });
    await waitUntil("the page plays the answer", async () => {
      return Math.abs((await loudestFrequency(page)) - ANSWER.frequency) < 15;
    });
    await waitUntil("the next tone interrupts the answer", async () => session.events.length > 1);
    expect(session.events[1]).toMatchObject({
      type: "conversation.item.truncate",
      item_id: expect.stringMatching(/^item_/),
      content_index: 0,
    });
    expect(session.events[1]!["audio_end_ms"]).toBeWithin(1, ANSWER.seconds * 1000);
    await picture(page, "realtime_voice");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Start" }).waitFor();
    await waitUntil("the API sees the end", async () => session.isClosed);
    expect(session.events.filter(({ type }) => type === "session.update")).toHaveLength(1);
    await page.close();
  }, 60_000);

  test.each(EXAMPLES)(
    "examples/$name shows a stranger the refusal of the backend, and asks the gateway nothing",
    async ({ name, act, refusal }) => {
      const { page, credentials } = await open(name, "another-password");
      await act(page);
      await page.getByText(refusal).waitFor();
      expect(await page.locator("body").textContent()).toContain("Sign in first.");
      expect(await violationsIn(page)).toEqual([]);
      expect(credentials).toEqual([]);
      await page.close();
    },
    60_000,
  );
});

describe.each(PAGES)("examples/$name", ({ start, folder }) => {
  test("has the right types", async () => {
    await runShell("bun check --project tsconfig.json", folder);
  }, 60_000);

  test("does not start without a secret", async () => {
    const idle = startShell(start.replace("sw_secret", "no_secret"), folder);
    expect(await idle.exited).not.toBe(0);
    await idle.stop();
    expect(idle.output()).toContain("SW_SECRET has to be set");
  });
});
