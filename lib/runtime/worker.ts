import type { Metrics } from "./metrics.ts";
import type { WorkerMessage } from "./supervise.ts";

/**
 * Tells the supervisor that this worker listens, and answers its questions.
 *
 * @param metrics of this worker
 * @returns ends the conversation, which would keep the process alive
 */
export function answerSupervisor({ registry }: Metrics): () => void {
  const send = (message: WorkerMessage) => process.send?.(message);
  const onMessage = async (message: WorkerMessage) => {
    if (message.kind !== "metrics?") return;
    send({ kind: "metrics", id: message.id, metrics: await registry.getMetricsAsJSON() });
  };
  // A worker whose supervisor is gone would serve old settings for ever.
  const onDisconnect = () => process.kill(process.pid, "SIGTERM");
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  send({ kind: "listening" });
  return () => {
    process.off("message", onMessage);
    process.off("disconnect", onDisconnect);
    if (process.connected) process.disconnect?.();
  };
}
