import { fileURLToPath } from "node:url";
import type { Page } from "../chromium.ts";

const AXE = await Bun.file(fileURLToPath(import.meta.resolve("axe-core/axe.min.js"))).text();

/** What axe-core complains of in a page. */
export async function violationsIn(page: Page): Promise<string[]> {
  // By the protocol of the browser: the policy of the page lets no script in.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as any).axe.run();
    return violations.flatMap(({ id, nodes }: any) =>
      nodes.map(({ target }: any) => `${id}: ${target.join(" ")}`),
    );
  });
}
