import { exceptionFrame } from "./bedrock/exception_frame.ts";
import type { CutForm } from "./operation.ts";

/** Why a stream ends early. */
export interface Cut {
  code: string;
  /** For people. */
  message: string;
  /** The status that a response with this reason would have. */
  status: number;
}

// SDKs do not try again after an error of this type.
const TYPE = "permission_error";

/**
 * An error in a stream that ends early, in the form from which the SDKs of an API make a typed error. Without one,
 * they take the end of the stream for the end of the answer.
 *
 * @param form of the operation
 * @param cut the reason
 * @returns the pieces to write, in this order, each by itself
 */
export function cutPieces(form: CutForm, cut: Cut): readonly Uint8Array<ArrayBuffer>[] {
  const { code, message } = cut;
  if (form === "bedrock") return [exceptionFrame({ message, code })];
  return textPieces(form, cut).map((piece) => new TextEncoder().encode(piece));
}

function textPieces(
  form: Exclude<CutForm, "bedrock">,
  { code, message, status }: Cut,
): readonly string[] {
  const error = { message, type: TYPE, code, param: null };
  switch (form) {
    case "chat":
      return [event({ error })];
    case "responses":
      // Newer SDKs read the event's own members, older SDKs the members of its `error`.
      return [`event: error\n${event({ ...error, type: "error", sequence_number: 0, error })}`];
    case "anthropic":
      // Without the name the event is lost.
      return [`event: error\n${event({ type: "error", error: { type: TYPE, message } })}`];
    case "google": {
      const own = { error: { code: status, status: "PERMISSION_DENIED", message } };
      // Some versions read a piece that is JSON alone, others an event. `code` must be a number. Where both arrive
      // together, and in clients that read neither, a line that is left over is an error.
      return [JSON.stringify(own), `\n\n${event(own)}: the response ended early`];
    }
  }
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
