import { describe, expect, test } from "bun:test";
import { parseConfigText } from "../../../lib/config/text/parse_text.ts";
import { describeSettings } from "../../../lib/config/description/describe_settings.ts";
import { brokenLinks } from "../../support/doc_page.ts";
import { codesIn, shownOutputs } from "../../support/code_blocks.ts";
import { ROOT } from "../../support/root.ts";
import { settingsOfFile } from "./configured.ts";
import { PEM } from "./pem_of_settings.ts";

const NAME = "credentials.md";
const PAGE = await Bun.file(`${ROOT}/docs/${NAME}`).text();
const CANARY = "canary-7f3a9c, which has more than 32 bytes";
const SERVICE_ACCOUNT = JSON.stringify({
  type: "service_account",
  client_email: "a@b.iam.gserviceaccount.com",
  private_key: PEM.key,
});
const RECIPES = codesIn(PAGE, "toml");

/** The settings of upstreams on the page, as those of one app. */
function settingsOf(upstreams: string) {
  const app = `[[app]]\nid = "web"\nsecrets = ["${CANARY}"]\n${upstreams}`;
  const names = [...upstreams.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!);
  const env = Object.fromEntries(
    names.map((name) => [name, name === "TENANT_ID" ? "tenant" : CANARY]),
  );
  const files = { "secrets/service_account.json": SERVICE_ACCOUNT };
  return settingsOfFile(parseConfigText(app, "signway.toml") as object, { env, files });
}

describe("docs/credentials.md", () => {
  test.each(RECIPES.map((recipe) => [recipe]))("%s", (recipe) => {
    const text = describeSettings(settingsOf(recipe));
    expect(text).not.toContain("canary");
    expect(text).not.toContain("with no header added");
  });

  test("has a recipe for each of ten APIs", () => {
    const [, recipes = ""] = PAGE.split("## Recipes\n");
    expect(recipes.match(/^### /gm)).toHaveLength(10);
  });

  test("shows what signway check says", () => {
    const said = describeSettings(settingsOf(RECIPES[0]!));
    for (const { text } of shownOutputs(PAGE)) expect(said).toContain(text);
    expect(shownOutputs(PAGE)).toHaveLength(1);
  });

  test("has no broken link", async () => {
    const { broken, count } = await brokenLinks(PAGE, NAME);
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(1);
  });
});
