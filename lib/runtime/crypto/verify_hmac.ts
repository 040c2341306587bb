import { type VerifyHmac, webVerifyHmac } from "../../signing/verify.ts";

interface Waiting {
  call: Parameters<VerifyHmac>;
  resolve: (result: Promise<boolean>) => void;
}

/**
 * Verifies an HMAC with WebCrypto. All verifications of a turn of the event loop start together, because
 * waking up the sleeping WebCrypto thread for each of them costs more than computing the HMAC.
 *
 * @param call the key, the signature and the message
 * @returns whether the signature is right
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
