import { join } from "node:path";
import { folderWith } from "./folder.ts";

/** A certificate with its key, in PEM files and as text. */
export interface Certificate {
  certFile: string;
  keyFile: string;
  cert: string;
  key: string;
}

/** What stands in a certificate. */
export interface CertificateOptions {
  /** As openssl writes alternative names. Default: the loopback address and `localhost`. */
  names?: string;
  /** How many days it lives. Default: 90. */
  days?: number;
  /** Whether its life is over. Default: no. */
  expired?: boolean;
  /** Whether it has signed itself. Default: the authority has. */
  selfSigned?: boolean;
}

/** A certificate authority of a test's own. */
export interface Authority extends AsyncDisposable {
  /** Its own certificate, as a file and as text. */
  caFile: string;
  ca: string;
  issue: (options?: CertificateOptions) => Promise<Certificate>;
}

const LOOPBACK = "IP:127.0.0.1,DNS:localhost";
const PAST = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority with openssl, in a folder of its own. */
export async function createAuthority(): Promise<Authority> {
  const folder = await folderWith();
  const path = (name: string): string => join(folder.path("."), name);
  const files = ["-keyout", path("ca.key"), "-out", path("ca.pem")];
  await openssl(
    "req",
    "-x509",
    "-days",
    "2",
    ...NEW_KEY,
    "-subj",
    "/CN=a test's authority",
    ...files,
  );
  let count = 0;

  async function issue(options: CertificateOptions = {}): Promise<Certificate> {
    const { names = LOOPBACK, days = 90, expired = false, selfSigned = false } = options;
    const [certFile, keyFile] = [path(`${++count}.pem`), path(`${count}.key`)];
    const request = ["-subj", `/CN=${count}`, "-addext", `subjectAltName=${names}`];
    if (selfSigned) {
      await openssl(
        "req",
        "-x509",
        ...NEW_KEY,
        ...request,
        "-days",
        "2",
        "-keyout",
        keyFile,
        "-out",
        certFile,
      );
    } else {
      const requestFile = path(`${count}.csr`);
      await openssl("req", ...NEW_KEY, ...request, "-keyout", keyFile, "-out", requestFile);
      await sign(requestFile, certFile, expired ? PAST : ["-days", String(days)]);
    }
    const [cert, key] = await Promise.all([Bun.file(certFile).text(), Bun.file(keyFile).text()]);
    return { certFile, keyFile, cert, key };
  }

  // `openssl x509` of Debian 12 cannot say when a life begins, `openssl ca` can.
  async function sign(requestFile: string, certFile: string, life: string[]): Promise<void> {
    // Each has a database of its own, so that several can be signed at once.
    const config = `${certFile}.conf`;
    await Bun.write(
      config,
      CA_CONFIG.replace("DATABASE", `${certFile}.index`).replaceAll("FOLDER", path(".")),
    );
    await Bun.write(`${certFile}.index`, "");
    const signer = ["-cert", path("ca.pem"), "-keyfile", path("ca.key"), "-config", config];
    await openssl(
      "ca",
      "-batch",
      "-notext",
      ...signer,
      ...life,
      "-in",
      requestFile,
      "-out",
      certFile,
    );
  }

  return {
    caFile: path("ca.pem"),
    ca: await Bun.file(path("ca.pem")).text(),
    issue,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const CA_CONFIG = `[ca]
default_ca = it
[it]
new_certs_dir = FOLDER
database = DATABASE
serial = FOLDER/serial
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`;

async function openssl(...args: string[]): Promise<void> {
  const child = Bun.spawn(["openssl", ...args], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const complaint = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`openssl ${args[0]}: ${complaint}`);
}
