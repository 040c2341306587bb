import type OpenAI from "openai";
import { fetchSignedUrl } from "./backend.ts";
import { chatOf, requestAnswer } from "./chat_request.ts";
import { createUrlClient } from "./clients.ts";
import { showNoteWhile } from "./conversation_log.ts";
import { wait } from "./time.ts";
import type { Trial } from "./trial.ts";
import type { Visit } from "./visit.ts";

const [SIGNED, SENT] = ["Tell me a joke.", "Tell me a lie."];

/** What a signed URL refuses, by the names of the buttons. */
export const URL_TRIALS = {
  "expired-url": {
    question: "Am I too late?",
    reason: "The URL was signed for one second, and used after two.",
    send: (visit, signal) => {
      const client = createClient(visit, async (body) => {
        const url = await fetchSignedUrl(body, 1);
        await showNoteWhile("This URL is valid for one second. Waiting…", wait(2_200, signal));
        return url;
      });
      return requestAnswer(client, chatOf(visit.api.model, "Am I too late?"), signal);
    },
  },
  "changed-body": {
    question: SENT,
    reason: `The backend signed “${SIGNED}”, and the page sent “${SENT}”`,
    send: (visit, signal) => {
      const client = createClient(visit, (body) => fetchSignedUrl(body.replace(SENT, SIGNED), 60));
      return requestAnswer(client, chatOf(visit.api.model, SENT), signal);
    },
  },
} satisfies Record<string, Trial>;

// createSignedFetch would get another URL for the one that has expired, and sign the body that is sent.
function createClient(
  { api, take }: Visit,
  getSignedUrl: (body: string) => Promise<string>,
): OpenAI {
  return createUrlClient(api, async (_, init) => {
    const url = await getSignedUrl(String(init?.body));
    take(url);
    return fetch(url, init);
  });
}
