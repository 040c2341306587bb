import { describe, expect, test } from "bun:test";
import { outcomeOf } from "../../unit/signing/draft.ts";
import { VECTORS } from "../../unit/signing/published_urls.ts";
import { requirement } from "../../support/requirement.ts";
import { parsePresignedUrl } from "../../../lib/signing/verify.ts";
import { findTools, LANGUAGES, rerunGuide, runGuide, SECRET } from "./languages.ts";
import { driverInput, expectedUrl, REQUESTS, requestTo, VECTOR_REQUESTS } from "./requests.ts";
import { grantedBy, grantedBySignToken, tokenInput, TOKENS } from "./tokens.ts";

const URL_INPUT = driverInput(REQUESTS);
const TOKEN_INPUT = tokenInput(TOKENS);

// All at once, so that they share the cores; compilers that have nothing cached may outlast a test's limit.
const RUNS = await Promise.all(
  LANGUAGES.map(async (language) => {
    const { name, url, token } = language;
    const tools = await requirement(`what docs/signing needs for ${name}`, () =>
      findTools(language),
    );
    if ("reason" in tools) return { name, url, token, language };
    const input = (url ? URL_INPUT : "") + (token ? TOKEN_INPUT : "");
    const output = await Promise.allSettled([runGuide(language, input)]);
    return { name, url, token, language, output };
  }),
);

type Output = [PromiseSettledResult<string[]>];

/** The lines that a driver printed; throws when it failed. */
function linesOf([run]: Output): string[] {
  if (run.status === "rejected") throw run.reason;
  return run.value;
}

/** The URL of the guide's example, then the URLs of the requests. */
function urlsOf(output: Output): string[] {
  return linesOf(output).slice(0, 1 + REQUESTS.length);
}

describe.each(RUNS.filter(({ url }) => url))("the function for $name", ({ language, output }) => {
  test.skipIf(!output)("signs the guide's example so that it is accepted", async () => {
    const [url] = urlsOf(output!);
    expect(url).toStartWith("https://gateway.example.com/?X-Sw-Algorithm=SW1-HMAC-SHA256&");
    const { id, upstream, signedAt, expires } = parsePresignedUrl(url!.split("?")[1]!);
    expect({ id, upstream, expires }).toEqual({
      id: "web",
      upstream: "https://api.openai.com/v1/chat/completions",
      expires: 60,
    });
    const request = {
      method: "POST",
      path: "/",
      query: url!.split("?")[1]!,
      headers: new Headers({ "content-type": "application/json" }),
      body: new Uint8Array(),
    };
    const options = { findSecrets: () => [SECRET], now: () => signedAt };
    expect(await outcomeOf(request, options)).toBe("accepted");
    const another = { ...request, headers: new Headers({ "content-type": "text/plain" }) };
    expect(await outcomeOf(another, options)).toBe("signature_mismatch");
  });

  test.skipIf(!output)("signs every request byte for byte as the protocol says", () => {
    const [, ...urls] = urlsOf(output!);
    expect(Object.fromEntries(REQUESTS.map(({ name }, i) => [name, urls[i]]))).toEqual(
      Object.fromEntries(REQUESTS.map((request) => [request.name, expectedUrl(request)])),
    );
    expect(urls).toHaveLength(REQUESTS.length);
  });

  // A shell cannot hold NUL.
  const ends = language.name === "shell" ? ["\n", "\r"] : ["\n", "\r", "\0", "\r\n"];
  test.skipIf(!output).each(ends)("refuses a header's value with %j", async (end) => {
    const headers = { Accept: "*/*", "X-Chosen": `a${end}content-length:1${end}${end}b` };
    const input = driverInput([{ ...REQUESTS[0]!, headers }]);
    await expect(rerunGuide(language, input)).rejects.toThrow("a header's value has a line break");
  });
});

describe.each(RUNS.filter(({ token }) => token))("the token of $name", ({ url, output }) => {
  test.skipIf(!output)("comes for every input", () => {
    const others = url ? 1 + REQUESTS.length : 0;
    expect(linesOf(output!)).toHaveLength(others + TOKENS.length);
  });

  test.skipIf(!output).each(TOKENS.map((asked, i) => [asked.name, asked, i] as const))(
    "is accepted, with the claims that signToken signs: %s",
    async (_, asked, i) => {
      const token = linesOf(output!).slice(-TOKENS.length)[i]!;
      const granted = await grantedBy(token, asked);
      const { id, expires, subject, to } = asked;
      const iat = granted.issuedAt! / 1000;
      const claims = { iss: id, iat, exp: iat + expires, sub: subject, sw: { to } };
      expect<unknown>(granted.claims).toEqual(claims);
      expect(granted).toEqual(await grantedBySignToken(asked, granted.issuedAt!));
    },
  );
});

describe("what the functions sign", () => {
  test.each(REQUESTS.map((request) => [request.name, request] as const))(
    "is accepted: %s",
    async (_, request) => {
      const signed = requestTo(expectedUrl(request), request);
      const options = { findSecrets: () => [request.secret], now: () => request.now * 1000 };
      expect(await outcomeOf(signed, options)).toBe("accepted");
    },
  );

  test("is what a published SDK signs, but for targets that every SDK writes anew", () => {
    const published = VECTORS.map(({ urls }) => Object.values(urls));
    const own = VECTOR_REQUESTS.filter(
      (request, i) => !published[i]!.includes(expectedUrl(request)),
    );
    expect(own.map(({ name }) => name)).toEqual([
      "target-with-space",
      "target-upper-host-and-port",
    ]);
  });
});
