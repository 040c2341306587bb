import { startUpstream } from "../../../../examples/demo/upstream.ts";
import { SPOKEN, type SpokenSession } from "./spoken_session.ts";
import { frequencyOf, samplesOf } from "./tone.ts";

/** An API in the form of OpenAI's, for the pages of the examples. */
export interface OpenAi {
  url: URL;
  /** The spoken conversations so far. */
  sessions: readonly SpokenSession[];
  stop: () => Promise<void>;
}

/** Starts the API on a free port: the chats of the demo's model, transcriptions, and spoken conversations. */
export function startOpenAi(key: string): OpenAi {
  const model = startUpstream({ key, paceMs: 1 });
  const sessions: SpokenSession[] = [];
  const server = Bun.serve<SpokenSession>({
    hostname: "127.0.0.1",
    port: 0,
    websocket: SPOKEN,
    fetch(request, server) {
      const { pathname, search, searchParams } = new URL(request.url);
      if (request.headers.get("authorization") !== `Bearer ${key}`) {
        return errorResponse(401, "Incorrect API key provided.");
      }
      if (pathname === "/v1/audio/transcriptions") return transcribe(request);
      if (pathname !== "/v1/realtime") return fetch(new URL(pathname + search, model.url), request);
      const data = { model: searchParams.get("model"), events: [], session: {}, isClosed: false };
      const headers = { "Sec-WebSocket-Protocol": "realtime" };
      if (!server.upgrade(request, { data, headers })) return errorResponse(426, "No WebSocket.");
      sessions.push(data);
      return undefined;
    },
  });
  const stop = async () => {
    await server.stop(true);
    await model.stop(true);
  };
  return { url: server.url, sessions, stop };
}

/** https://platform.openai.com/docs/api-reference/audio/createTranscription */
async function transcribe(request: Request): Promise<Response> {
  const form = await request.formData();
  const file = form.get("file");
  const model = form.get("model");
  if (!(file instanceof Blob)) return errorResponse(400, "you must provide a file");
  if (!model) return errorResponse(400, "you must provide a model parameter");
  const samples = await samplesOf(file);
  if (!samples) return errorResponse(400, "Invalid file format.");
  const text = `A tone of ${frequencyOf(samples)} Hz in ${file.size} bytes, for ${model}`;
  return Response.json({ text, usage: { type: "duration", seconds: 1 } });
}

function errorResponse(status: number, message: string): Response {
  const error = { message, type: "invalid_request_error", param: null, code: null };
  return Response.json({ error }, { status });
}
