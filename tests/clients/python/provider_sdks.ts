import { installPythonPackages } from "../../support/virtual_environment.ts";

/** Official SDKs on PyPI: of today, and of an older Python project. */
export const PYTHON_SDKS = {
  python: {
    "google-genai": "3.6.1",
    openai: "3.57.0",
    anthropic: "2.14.0",
    "langchain-openai": "1.7.4",
  },
  "older python": { "google-genai": "1.20.0", openai: "2.30.0", anthropic: "0.80.0" },
} as const;

/** Installs one of the sets, once; resolves with the path of a Python that has it. */
export function installPythonSdks(set: keyof typeof PYTHON_SDKS): Promise<string> {
  const packages = Object.entries(PYTHON_SDKS[set]).map((it) => it.join("=="));
  return installPythonPackages(`sdks-${packages.join("-").replaceAll("==", "-")}`, packages);
}
