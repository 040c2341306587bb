import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate of its own, with its key, in PEM. */
export interface PemPair {
  cert: string;
  key: string;
}

/**
 * Creates a certificate that signs itself, with its key.
 *
 * @param key the kind of key, as the option `-newkey` of openssl. Default: P-256
 */
export function createPemPair(key = "ec:"): PemPair {
  const folder = mkdtempSync(join(tmpdir(), "signway-pem-"));
  try {
    const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const curve = key === "ec:" ? ["-pkeyopt", "ec_paramgen_curve:P-256"] : [];
    const name = ["-subj", `/CN=${crypto.randomUUID()}`, "-days", "2"];
    const kind = ["-newkey", key.replace(/:$/, ""), ...curve, "-nodes"];
    const flags = ["-x509", ...kind, "-keyout", keyFile, "-out", certFile, ...name];
    const { success, stderr } = Bun.spawnSync(["openssl", "req", ...flags]);
    if (!success) throw new Error(`openssl failed: ${stderr}`);
    return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
