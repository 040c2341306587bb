import type { API_NAMES } from "../../arguments/init_flags.ts";

/** An API that the gateway adds a key to. */
export interface Api {
  /** The URL that targets must lie under. */
  url: string;
  /** The header that takes the key, and its value. `${…}` refers to an environment variable. */
  header: readonly [name: string, value: string];
  /** The environment variable with the key. */
  variable: string;
  /** A URL that can be asked with GET, and costs nothing. */
  example: string;
  /** A header that every request needs. Default: none. */
  needs?: string;
  /** The client of `signway token --env`, and a request with the variables that it sets. */
  sdk?: { client: string; url: string; header: string };
}

/** The APIs that `signway init` knows by name. */
export const KNOWN_APIS: Readonly<Record<(typeof API_NAMES)[number], Api>> = {
  openai: {
    url: "https://api.openai.com/v1/",
    header: ["Authorization", "Bearer ${OPENAI_API_KEY}"],
    variable: "OPENAI_API_KEY",
    example: "https://api.openai.com/v1/models",
    sdk: {
      client: "openai",
      url: "$OPENAI_BASE_URL/models",
      header: "Authorization: Bearer $OPENAI_API_KEY",
    },
  },
  anthropic: {
    url: "https://api.anthropic.com/",
    header: ["x-api-key", "${ANTHROPIC_API_KEY}"],
    variable: "ANTHROPIC_API_KEY",
    example: "https://api.anthropic.com/v1/models",
    needs: "anthropic-version: 2023-06-01",
    sdk: {
      client: "anthropic",
      url: "$ANTHROPIC_BASE_URL/v1/models",
      header: "x-api-key: $ANTHROPIC_API_KEY",
    },
  },
  google: {
    url: "https://generativelanguage.googleapis.com/",
    header: ["x-goog-api-key", "${GEMINI_API_KEY}"],
    variable: "GEMINI_API_KEY",
    example: "https://generativelanguage.googleapis.com/v1beta/models",
    sdk: {
      client: "google",
      url: "$GOOGLE_GEMINI_BASE_URL/v1beta/models",
      header: "x-goog-api-key: $GEMINI_API_KEY",
    },
  },
};

/** An API that is known by its URL alone. */
export function otherApi(url: string): Api {
  return {
    url,
    header: ["Authorization", "Bearer ${API_KEY}"],
    variable: "API_KEY",
    example: url,
  };
}
