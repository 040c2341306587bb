import { type VerifyHmac, webVerifyHmac } from "../../signing/verify.ts";

interface Waiting {
  call: Parameters<VerifyHmac>;
  resolve: (result: Promise<boolean>) => void;
}

/**
 * WebCrypto's comparison, begun for all requests of a turn of the event loop together. Each wakes a thread
 * that has fallen asleep unless another has just woken it, and to wake it costs more than the HMAC.
 *
 * @param call key, signature and message
 */
export const verifyHmac: VerifyHmac = (...call) =>
  new Promise((resolve) => {
    if (waiting.push({ call, resolve }) === 1) setImmediate(beginAll);
  });

let waiting: Waiting[] = [];

function beginAll(): void {
  const begun = waiting;
  waiting = [];
  for (const { call, resolve } of begun) resolve(webVerifyHmac(...call));
}
