import { composeAnswer, splitTokens } from "./answer.ts";

/** A session of the small model. */
export interface RealtimeSession {
  /** The names of the headers of the handshake. */
  headers: readonly string[];
  paceMs: number;
  questions: string[];
}

type Socket = Bun.ServerWebSocket<RealtimeSession>;

/** The part of https://platform.openai.com/docs/api-reference/realtime that this model supports. */
export const REALTIME: Bun.WebSocketHandler<RealtimeSession> = {
  idleTimeout: 0,
  open: (socket) => send(socket, { type: "session.created", session: { type: "realtime" } }),
  async message(socket, message) {
    const event = JSON.parse(String(message));
    if (event.type === "session.update")
      send(socket, { type: "session.updated", session: event.session });
    if (event.type === "conversation.item.create") {
      socket.data.questions.push(String(event.item?.content?.[0]?.text ?? ""));
      send(socket, { type: "conversation.item.added", item: event.item });
    }
    if (event.type === "response.create") await respond(socket);
  },
};

async function respond(socket: Socket): Promise<void> {
  const { headers, paceMs, questions } = socket.data;
  const turn = questions.length;
  const tokens = splitTokens(composeAnswer({ question: questions.at(-1) ?? "", turn, headers }));
  send(socket, { type: "response.created", response: { status: "in_progress" } });
  for (const delta of tokens) {
    send(socket, { type: "response.output_text.delta", delta });
    await Bun.sleep(paceMs);
  }
  const input = questions.flatMap(splitTokens).length;
  const usage = {
    input_tokens: input,
    output_tokens: tokens.length,
    total_tokens: input + tokens.length,
  };
  send(socket, { type: "response.done", response: { status: "completed", usage } });
}

function send(socket: Socket, event: object): void {
  socket.send(JSON.stringify({ event_id: `event_${crypto.randomUUID()}`, ...event }));
}
