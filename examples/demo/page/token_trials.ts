import { fetchToken } from "./backend.ts";
import { chatOf, requestAnswer } from "./chat_request.ts";
import { createTokenClient } from "./clients.ts";
import { showNoteWhile } from "./conversation_log.ts";
import { wait } from "./time.ts";
import { decodeClaims, replaceClaims } from "./token_claims.ts";
import type { Trial } from "./trial.ts";
import type { Visit } from "./visit.ts";

const ELSEWHERE = "https://another.example";

/** What a token refuses, by the names of the buttons. */
export const TOKEN_TRIALS = {
  path: {
    question: "POST /v1/embeddings",
    reason: "The token grants chat completions, and no other path.",
    send: ({ api, clients }, signal) =>
      clients.token.embeddings.create({ model: api.model, input: "Signway" }, { signal }),
  },
  method: {
    question: "GET /v1/chat/completions",
    reason: "The token grants POST, and no other method.",
    send: ({ clients }, signal) => clients.token.chat.completions.list({}, { signal }),
  },
  host: {
    question: `POST ${ELSEWHERE}/v1/chat/completions`,
    reason: "The token grants one API, and no other host.",
    send: ({ api, token }, signal) => {
      const client = createTokenClient({ ...api, upstream: `${ELSEWHERE}/v1/` }, token);
      return requestAnswer(client, chatOf(api.model, "Are you the same API?"), signal);
    },
  },
  expired: {
    question: "Am I too late?",
    reason: "The token was valid for one second.",
    send: async (visit, signal) => {
      const token = await fetchToken({ expires: 1 });
      const left = decodeClaims(token).exp * 1000 - Date.now();
      const note = "This token is valid for one second. Waiting until it has expired…";
      await showNoteWhile(note, wait(left + 100, signal));
      return askWith(token, visit, signal);
    },
  },
  changed: {
    question: "May I stay an hour longer?",
    reason: "The page wrote a later expiry into the token. The signature does not fit any more.",
    send: async (visit, signal) => {
      const token = await visit.token();
      const claims = decodeClaims(token);
      return askWith(replaceClaims(token, { ...claims, exp: claims.exp + 3600 }), visit, signal);
    },
  },
  origin: {
    question: "May I use the token of another page?",
    reason: `The token is for pages of ${ELSEWHERE}, and the browser names this page's origin.`,
    send: async (visit, signal) =>
      askWith(await fetchToken({ expires: 60, origins: [ELSEWHERE] }), visit, signal),
  },
} satisfies Record<string, Trial>;

function askWith(token: string, { api, take }: Visit, signal: AbortSignal): Promise<unknown> {
  take(token);
  return requestAnswer(createTokenClient(api, token), chatOf(api.model, "Hello?"), signal);
}
