import { DeepgramClient } from "@deepgram/sdk";
import { GoogleGenAI, Modality } from "@google/genai";
import { createOpenAI } from "@ai-sdk/openai";
import { Experimental_AbstractRealtimeSession as RealtimeSession } from "ai";
import OpenAI from "openai";
import { OpenAIRealtimeWebSocket as BetaWebSocket } from "openai/beta/realtime/websocket";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";

/** What a client is given. */
export interface Situation {
  /** The gateway's URL with `https`, and the host of the API behind it. */
  base: string;
  token: string;
  /** A page of the app that gives a token and the URL for the AI SDK. */
  tokenUrl: string;
}

/** Has an official client say something, and returns the text that it got back. */
export type Talk = (situation: Situation) => Promise<string>;

type Resolve = (text: string) => void;
type Reject = (error: unknown) => void;

const MODEL = "gpt-realtime";

/** A promise with a limit, so that a client that waits for ever has a name in the report. */
export function within(start: (resolve: Resolve, reject: Reject) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("nothing came within 10 s")), 10_000);
    start(resolve, reject);
  });
}

interface Emitter {
  on: (name: never, listener: (event: never) => void) => unknown;
  send: (event: never) => void;
  socket: { addEventListener: (name: string, listener: () => void) => void };
  close: () => void;
}

function talkToOpenAI(client: Emitter): Promise<string> {
  return within((resolve, reject) => {
    let text = "";
    const on = (name: string, listener: (event: Record<string, string>) => void) =>
      client.on(name as never, listener as never);
    const send = (event: object) => client.send(event as never);
    on("error", reject);
    on("session.created", () => {
      const content = [{ type: "input_text", text: "Wer bist du? 🔑" }];
      send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
      send({ type: "response.create" });
    });
    on("response.output_text.delta", ({ delta }) => void (text += delta));
    on("response.done", () => {
      client.close();
      resolve(text);
    });
  });
}

const openai = ({ base }: Situation, apiKey: string | (() => Promise<string>)) =>
  new OpenAI({ baseURL: `${base}/v1`, apiKey, dangerouslyAllowBrowser: true });
const OPENAI_PROPS = { model: MODEL, dangerouslyAllowBrowser: true };

/** The session of the AI SDK; frameworks add only how they keep its state. */
class Session extends RealtimeSession {
  protected setState(): void {}
}

const talkByAiSdk: Talk = ({ base, token, tokenUrl }) =>
  within((resolve, reject) => {
    const model = createOpenAI({ baseURL: `${base}/v1`, apiKey: token }).experimental_realtime(
      MODEL,
    );
    let text = "";
    const session = new Session({
      model,
      api: { token: tokenUrl },
      onError: reject,
      onEvent(event) {
        if (event.type === "session-created") session.sendTextMessage("Wer bist du? 🔑");
        if (event.type === "text-delta") text += event.delta;
        if (event.type !== "response-done") return;
        resolve(text);
        void session.disconnect();
      },
    });
    session.connect().catch(reject);
  });

const talkByGoogle: Talk = ({ base, token }) =>
  within((resolve, reject) => {
    let text = "";
    const client = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: base } });
    const connecting = client.live.connect({
      model: "gemini-live",
      config: { responseModalities: [Modality.TEXT] },
      callbacks: {
        onmessage({ serverContent }) {
          for (const { text: piece = "" } of serverContent?.modelTurn?.parts ?? []) text += piece;
          if (serverContent?.turnComplete)
            void connecting.then((session) => (session.close(), resolve(text)));
        },
        onerror: reject,
        onclose: ({ code, reason }) => reject(new Error(`closed ${code} ${reason}`)),
      },
    });
    connecting.then((session) => session.sendClientContent({ turns: ["Wer bist du?"] }), reject);
  });

const talkByDeepgram =
  (key: (token: string) => ConstructorParameters<typeof DeepgramClient>[0]): Talk =>
  async ({ base, token }) => {
    const wss = base.replace("https", "wss");
    const environment = { base, production: wss, agent: wss, agentRest: base };
    const client = new DeepgramClient({ ...key(token), environment } as never);
    const socket = await client.listen.v1.createConnection({ model: "nova-3" } as never);
    return await within((resolve, reject) => {
      let text = "";
      socket.on("open", () => socket.sendMedia(new Uint8Array(320) as never));
      socket.on("message", (message: Record<string, any>) => {
        if (message["type"] === "Metadata") resolve(text);
        if (message["type"] !== "Results") return;
        text += message["channel"].alternatives[0].transcript;
        socket.sendCloseStream({ type: "CloseStream" });
      });
      socket.on("error", reject);
      socket.connect();
    });
  };

/** The clients that run in Node and in browsers. */
export const TALKS: Readonly<Record<string, Talk>> = {
  "openai, GA": (it) =>
    talkToOpenAI(new OpenAIRealtimeWebSocket(OPENAI_PROPS, openai(it, it.token)) as never),
  "openai, beta": (it) =>
    talkToOpenAI(new BetaWebSocket(OPENAI_PROPS, openai(it, it.token)) as never),
  "openai, function as key": async (it) =>
    talkToOpenAI(
      (await OpenAIRealtimeWebSocket.create(
        openai(it, async () => it.token),
        OPENAI_PROPS,
      )) as never,
    ),
  "ai sdk": talkByAiSdk,
  "google live": talkByGoogle,
  "deepgram, api key": talkByDeepgram((apiKey) => ({ apiKey })),
  "deepgram, access token": talkByDeepgram((accessToken) => ({ accessToken })),
};
