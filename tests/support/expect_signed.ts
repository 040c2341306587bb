import { expect } from "bun:test";
import { parsePresignedUrl, verifyUrl } from "../../lib/signing/verify.ts";

/** Expects a signed URL as the pages sign it: of the app `web`, for a POST of a minute, at the example's gateway. */
export async function expectSigned(text: string, secret: string): Promise<void> {
  const url = new URL(text);
  expect(url.origin).toBe("https://gateway.example.com");
  expect(parsePresignedUrl(url.search.slice(1))).toMatchObject({ id: "web", expires: 60 });
  const request = {
    method: "POST",
    path: url.pathname,
    query: url.search.slice(1),
    headers: new Headers(),
    readBody: () => Promise.reject(new Error("the body is not signed")),
  };
  const { upstream } = await verifyUrl(request, { findSecrets: () => [secret] });
  expect(upstream).toBe("https://api.openai.com/v1/chat/completions");
}
