/** Which blocks of code of a page a test takes: how many in each language. */
export interface Claim {
  /** The page, as a file of the repository. */
  page: string;
  blocks: Readonly<Record<string, number>>;
  /** The test that runs them, or compares them with what is printed, as a file below `tests/`. */
  test: string;
}

const claim = (page: string, blocks: Claim["blocks"], test: string): Claim => ({
  page,
  blocks,
  test,
});

const GUIDES = "clients/guides/examples_test.ts";
const BACKENDS = "clients/examples/backends_test.ts";

const BACKEND_NAMES = [
  ...["aws_lambda", "cloudflare_worker", "express", "fastapi", "go", "hono", "nextjs", "ruby"],
  "supabase",
];

/** Every block of code of README, the book and the package, by the test that takes it. */
export const CLAIMS: readonly Claim[] = [
  claim("README.md", { sh: 4, js: 1 }, "clients/readme_test.ts"),
  claim("README.md", { sh: 1 }, "operations/packaging/docker_run_test.ts"),
  claim("README.md", { sh: 1 }, "operations/deploy/systemd_test.ts"),
  claim("CONTRIBUTING.md", { sh: 2 }, "clients/book/commands_test.ts"),
  claim("build/npm_package/README.md", { ts: 7 }, "operations/packaging/npm_package_test.ts"),

  claim("docs/architecture.md", { text: 1 }, "clients/book/commands_test.ts"),
  claim("docs/benchmarks.md", { sh: 1 }, "clients/book/commands_test.ts"),
  claim("docs/cli.md", { text: 13 }, "clients/cli_page_test.ts"),
  claim(
    "docs/clients.md",
    { toml: 1, ts: 10, sh: 4, python: 4 },
    "clients/matrix/clients_page_test.ts",
  ),
  claim("docs/configuration.md", { sh: 1 }, "clients/book/commands_test.ts"),
  claim(
    "docs/configuration.md",
    { toml: 11, text: 2, yaml: 1, json: 1 },
    "unit/config/documentation_test.ts",
  ),
  claim("docs/credentials.md", { toml: 13, text: 1 }, "unit/config/credentials_page_test.ts"),
  claim("docs/dashboard.md", { toml: 1 }, "clients/book/commands_test.ts"),
  claim("docs/dashboard.md", { sh: 2, text: 1 }, "clients/dashboard_page_test.ts"),
  claim("docs/reverse_proxy.md", { nginx: 2, caddyfile: 2 }, "operations/deploy/proxies_test.ts"),
  claim("docs/errors.md", { json: 1 }, "clients/errors_page_test.ts"),
  claim(
    "docs/getting_started.md",
    { sh: 7, js: 1, ts: 2, html: 1, toml: 1 },
    "clients/getting_started_page_test.ts",
  ),
  claim("docs/library.md", { ts: 1 }, "clients/library_page_test.ts"),
  claim(
    "docs/limits.md",
    { toml: 1, sh: 8, text: 6, ts: 1, http: 1, conf: 2 },
    "clients/limits_page_test.ts",
  ),
  claim("docs/log.md", { json: 1, sh: 2 }, "clients/log_page_test.ts"),
  claim("docs/mcp.md", { toml: 1, sh: 2, ts: 4 }, "clients/mcp/page_test.ts"),
  claim("docs/operations.md", { text: 2 }, "clients/book/commands_test.ts"),
  claim(
    "docs/policies.md",
    { toml: 2, sh: 9, text: 7, ts: 1, json: 2 },
    "clients/policies_page_test.ts",
  ),
  claim(
    "docs/signed_urls.md",
    { ts: 2, python: 1, js: 1, sh: 2 },
    "clients/signed_urls_page_test.ts",
  ),
  claim("docs/signed_urls.md", { ts: 1 }, "clients/sdks/page_clients_test.ts"),
  claim("docs/doctor.md", { sh: 1 }, "clients/doctor_page_test.ts"),
  claim(
    "docs/receipts.md",
    { js: 1, json: 1, python: 1, sh: 1, toml: 1 },
    "clients/receipts_page_test.ts",
  ),
  claim("docs/telemetry.md", { toml: 5, yaml: 2 }, "clients/telemetry_page_test.ts"),
  claim("docs/tokens.md", { sh: 3, ts: 2, text: 1 }, "clients/tokens_page_test.ts"),
  claim("docs/usage.md", { json: 2, sh: 2, text: 2, toml: 1 }, "clients/usage_page_test.ts"),
  claim("docs/websockets.md", { js: 1 }, "clients/websockets_page_test.ts"),

  claim("docs/signing/README.md", { text: 6 }, GUIDES),
  claim("docs/signing/csharp.md", { csharp: 3 }, GUIDES),
  claim("docs/signing/go.md", { go: 3 }, GUIDES),
  claim("docs/signing/java.md", { java: 3 }, GUIDES),
  claim("docs/signing/javascript.md", { ts: 2, js: 5 }, GUIDES),
  claim("docs/signing/php.md", { php: 3 }, GUIDES),
  claim("docs/signing/python.md", { python: 2 }, GUIDES),
  claim("docs/signing/ruby.md", { ruby: 4 }, GUIDES),
  claim("docs/signing/rust.md", { toml: 1, rust: 3 }, GUIDES),
  claim("docs/signing/shell.md", { sh: 4 }, GUIDES),

  claim("examples/README.md", { sh: 1 }, "clients/examples/backends_test.ts"),
  ...BACKEND_NAMES.map((name) =>
    claim(`examples/backends/${name}/README.md`, { sh: name === "aws_lambda" ? 1 : 2 }, BACKENDS),
  ),
  claim("examples/mcp_client/README.md", { sh: 2 }, "clients/examples/mcp_client_test.ts"),
  ...["plain_html", "react_chat", "realtime_voice", "transcription"].map((name) =>
    claim(`examples/${name}/README.md`, { sh: 1 }, "clients/examples/pages_test.ts"),
  ),
  claim(
    "examples/sandboxed_agent/README.md",
    { sh: 2 },
    "clients/examples/sandboxed_agent_test.ts",
  ),
];
