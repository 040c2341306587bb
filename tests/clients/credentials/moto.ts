import { installPythonPackages } from "../../support/virtual_environment.ts";

// What moto's S3 and IAM need of its dependencies; all of `moto[server]` takes three times as long.
const PACKAGES = [
  ...["moto==5.2.5", "blinker==1.9.0", "boto3==1.44.8", "botocore==1.44.8", "cffi==2.1.1"],
  ...["certifi==2026.10.19.post1", "click==8.5.1", "cryptography==50.0.2", "flask==3.1.3"],
  ...["flask-cors==6.0.5", "idna==3.20", "itsdangerous==2.2.0", "jinja2==3.1.6"],
  ...["jmespath==1.1.0", "markupsafe==3.0.4", "pycparser==3.12", "python-dateutil==4.0.0"],
  ...["pyyaml==6.0.4", "requests==2.34.2", "responses==0.26.3", "s3transfer==0.19.3"],
  ...["urllib3==2.8.0", "werkzeug==3.1.9", "xmltodict==1.0.4"],
];

/** Installs moto, once: 80 MB. */
export function installMoto(): Promise<string> {
  return installPythonPackages("moto-5.2.5", ["--no-deps", ...PACKAGES]);
}

/** A server of moto, which verifies signatures. */
export interface Moto extends AsyncDisposable {
  host: string;
  keys: { access_key_id: string; secret_access_key: string };
}

/** Starts one, with a bucket. */
export async function startMoto(python: string): Promise<Moto> {
  const command = [python, `${import.meta.dirname}/moto_server.py`];
  const child = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "ignore" });
  const { value } = await child.stdout.getReader().read();
  const said = JSON.parse(new TextDecoder().decode(value)) as Record<string, string>;
  return {
    host: `127.0.0.1:${said["port"]}`,
    keys: { access_key_id: said["id"]!, secret_access_key: said["secret"]! },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
