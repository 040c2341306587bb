import { afterAll, expect, test } from "bun:test";
import { launchChromium } from "../chromium.ts";
import { openPage } from "./opened_page.ts";
import { startDemo } from "./started_demo.ts";

const QUESTIONS = ["Tell it as a haiku.", "Which headers did you see?"];

const chromium = await launchChromium();
const demo = await startDemo();
afterAll(async () => {
  await demo.stop();
  if ("value" in chromium) await chromium.value.close();
});

test.skipIf("reason" in chromium)(
  "the demo's page talks over a WebSocket",
  async () => {
    const { page, errors, close } = await openPage(chromium, `${demo.page}realtime`);
    for (const [number, question] of QUESTIONS.entries()) {
      await page.fill("#question", question);
      await page.click("#send");
      await page.waitForSelector(`p.answer[data-done] >> nth=${number}`);
    }
    expect(await page.textContent("#state")).toContain("The sub-protocol is realtime");
    const answer = await page.textContent("p.answer >> nth=1");
    expect(answer).toContain("no cookie among them");
    expect(answer).not.toContain("origin");
    expect(errors).toEqual([]);
    await close();
  },
  60_000,
);
