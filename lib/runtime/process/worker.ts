import type { Metrics } from "../observe/metrics.ts";
import type { WorkerMessage } from "./supervise.ts";

/** A worker's end of the conversation. */
export interface Answers {
  /** Tells that the settings have been loaded again, as SIGHUP asks. */
  reloaded: (isLoaded: boolean) => void;
  /** Ends the conversation, which would keep the process alive. */
  end: () => void;
}

/**
 * Tells the supervisor that this worker listens, and answers its questions.
 *
 * @param metrics of this worker; absent: nobody asks for them
 */
export function answerSupervisor(metrics: Metrics | undefined): Answers {
  const send = (message: WorkerMessage) => process.send?.(message);
  const onMessage = async (message: WorkerMessage) => {
    if (message.kind !== "metrics?" || !metrics) return;
    send({ kind: "metrics", id: message.id, metrics: await metrics.snapshot() });
  };
  // A worker whose supervisor is gone would serve old settings for ever.
  const onDisconnect = () => process.kill(process.pid, "SIGTERM");
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  send({ kind: "listening" });
  return {
    reloaded: (isLoaded) => send({ kind: "reloaded", isLoaded }),
    end() {
      process.off("message", onMessage);
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect?.();
    },
  };
}
