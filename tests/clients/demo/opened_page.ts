import type { launchChromium, Page } from "../chromium.ts";

type Chromium = Awaited<ReturnType<typeof launchChromium>>;
type Options = Parameters<Extract<Chromium, { value: unknown }>["value"]["newContext"]>[0];

/** The demo's page in Chromium, with everything that it asks for and complains of. */
export interface OpenedPage {
  page: Page;
  /** The errors of its console and its scripts. */
  errors: string[];
  /** Its requests, without those for `data:`. */
  requests: { method: string; url: string; headers: Record<string, string> }[];
  close: () => Promise<void>;
}

/** Opens a page in a context of its own, which ends with it. */
export async function openPage(
  chromium: Chromium,
  url: string,
  options: Options = {},
): Promise<OpenedPage> {
  if ("reason" in chromium) throw new Error(chromium.reason);
  const context = await chromium.value.newContext(options);
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: OpenedPage["requests"] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  context.on("request", (request) => {
    if (request.url().startsWith("data:")) return;
    requests.push({ method: request.method(), url: request.url(), headers: request.headers() });
  });
  await page.goto(url);
  return { page, errors, requests, close: () => context.close() };
}
