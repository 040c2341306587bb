import { converse } from "./anthropic_client.ts";
import { askBackend } from "./browser_signer.ts";

Object.assign(globalThis, { converse: (upstream: string) => converse(upstream, askBackend) });
