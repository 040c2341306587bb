import { createKeySetVerifier } from "../../../../lib/gateway/admission/key_set_verifier.ts";
import type { KeySetAlgorithm } from "../../../../lib/gateway/model/key_set_algorithm.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { parseToken } from "../../../../lib/signing/verify.ts";
import type { TokenSigner } from "../../../support/token_signer.ts";

/** The claims of its tokens. */
export const CLAIMS = { iss: "https://id.example/", exp: 4_000_000_000 };

/** A verifier with a clock of its own, and a provider whose answers can be held back. */
export function createStage(algorithms: readonly KeySetAlgorithm[] = ["ES256"]) {
  let time = 0;
  let keys: object[] = [];
  let failure: string | undefined;
  let held: Promise<void> | undefined;
  const stage = { fetches: 0, failures: [] as string[] };
  const verifier = createKeySetVerifier({
    algorithms,
    ticks: () => time,
    onFailure: (reason) => stage.failures.push(reason),
    async fetchKeySet() {
      stage.fetches++;
      await held;
      if (failure === "text") return "<html>";
      if (failure !== undefined) throw new GatewayError("keys_unavailable", failure);
      return JSON.stringify({ keys });
    },
  });
  const verifyText = (text: string): Promise<string> =>
    verifier.verify(parseToken(text)).then(
      () => "ok",
      (error: { code: string }) => error.code,
    );
  return Object.assign(stage, {
    pass: (ms: number) => (time += ms),
    publish(...signers: TokenSigner[]) {
      keys = signers.map(({ jwk }) => jwk);
      failure = undefined;
    },
    fail: (reason: string) => (failure = reason),
    /** Holds answers back until the function that it returns is called. */
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return () => {
        held = undefined;
        resolve();
      };
    },
    /** `ok`, or the code of the refusal. */
    verify: async (signer: TokenSigner, header?: Record<string, unknown>): Promise<string> =>
      verifyText(await signer.sign(CLAIMS, header)),
    verifyText,
  });
}
