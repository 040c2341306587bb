import { describe, expect, test } from "bun:test";
import { heartbeatForm } from "../../../../lib/gateway/providers/heartbeat_form.ts";
import {
  type ProviderName,
  providerOf,
  providerOfRule,
} from "../../../../lib/gateway/providers/provider.ts";

describe("providerOf", () => {
  test.each<[string, ProviderName | undefined]>([
    ["https://api.openai.com/v1/", "openai"],
    ["https://API.OpenAI.com.:8443/", "openai"],
    ["https://eu.api.openai.com/", undefined],
    ["https://my-resource.openai.azure.com/openai/", "azure"],
    ["https://openai.azure.com/", undefined],
    ["https://a.b.openai.azure.com/", undefined],
    ["https://api.anthropic.com/v1/messages", "anthropic"],
    ["https://generativelanguage.googleapis.com/v1beta/", "google"],
    ["https://generativelanguage.googleapis.com.evil.example/", undefined],
    ["https://europe-west1-aiplatform.googleapis.com/v1/", "vertex"],
    ["https://eu-aiplatform.googleapis.com/v1/", "vertex"],
    ["https://aiplatform.googleapis.com/v1/", "vertex"],
    ["https://evil.eu-aiplatform.googleapis.com/v1/", undefined],
    ["https://bedrock-runtime.eu-west-1.amazonaws.com/", "bedrock"],
    ["https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/", "bedrock"],
    ["https://bedrock.eu-west-1.amazonaws.com/", undefined],
    ["https://notapi.openai.com/", undefined],
    ["https://api.openai.com.example/", undefined],
    ["http://127.0.0.1:8000/", undefined],
  ])("%s: %p", (url, expected) => {
    expect(providerOf(new URL(url).hostname)).toBe(expected);
  });
});

describe("providerOfRule", () => {
  test.each<[ProviderName | undefined, string | undefined, ProviderName | undefined]>([
    [undefined, "https://api.openai.com/v1/", "openai"],
    ["mcp", "https://api.openai.com/v1/", "mcp"],
    ["openai", "http://127.0.0.1:8000/", "openai"],
    ["google", undefined, "google"],
    [undefined, "http://127.0.0.1:8000/", undefined],
    [undefined, undefined, undefined],
  ])("%p at %p: %p", (provider, url, expected) => {
    const rule = provider === undefined ? {} : { provider };
    expect(providerOfRule(rule, url === undefined ? undefined : new URL(url))).toBe(expected);
  });
});

describe("heartbeatForm", () => {
  test.each<[ProviderName | undefined, string | undefined, string | undefined]>([
    [undefined, undefined, "comment"],
    ["openai", undefined, "comment"],
    ["azure", undefined, "comment"],
    ["anthropic", undefined, "comment"],
    ["google", undefined, "newline"],
    ["vertex", undefined, "newline"],
    ["google", "google-genai-sdk/1.30.0 gl-node/v22", "newline"],
    ["google", "google-genai-js/1.0", "newline"],
    ["google", "genai-js/0.24.1", undefined],
    ["google", "my-app/1 genai-js/0.21.0", undefined],
    ["openai", "genai-js/0.24.1", "comment"],
  ])("%p, asked by %p: %p", (provider, client, expected) => {
    const headers = new Headers(client === undefined ? {} : { "x-goog-api-client": client });
    expect(heartbeatForm(provider, headers)).toBe(expected as "comment");
  });
});
