import { expect, test } from "bun:test";
import { APP, mistakesOfFile, settingsOfFile } from "./configured.ts";

const withToken = (token: string) => ({ app: [APP], admin: "127.0.0.1:0", admin_token: token });

test.each([
  ["short", "fifteen-of-them"],
  ["with spaces, which Authorization cannot hold", "a token of more than 16"],
  ["with a newline", "a-token-of-more-than-16\n"],
  ["of other characters than those of ASCII", "ein-schlüssel-für-wärter"],
])("an admin_token %s is a mistake, and is not shown", (_, token) => {
  expect(mistakesOfFile(withToken(token))).toEqual([
    "admin_token must be 16 or more visible ASCII characters, without spaces",
  ]);
});

test("an admin_token may be a reference that is shorter", () => {
  const token = "bm8gc2VjcmV0IGF0IGFsbA+/==";
  const settings = settingsOfFile(withToken("${T}"), { env: { T: token } });
  expect(settings.adminToken).toBe(token);
});
