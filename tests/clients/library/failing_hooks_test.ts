import { describe, expect, test } from "bun:test";
import { chunk, respond } from "../../support/raw_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";
import { CANARY, type Embedded, embed, ENDLESS_HEAD, FAILURES } from "./embedded.ts";

const problem = async (response: Response) => ({
  status: response.status,
  type: response.headers.get("content-type"),
  body: (await response.json()) as Record<string, unknown>,
});

/** The exchange failed inside, nobody outside learns why, and the embedding program does. */
async function expectInternalError(it: Embedded, response: Response): Promise<void> {
  const { status, type, body } = await problem(response);
  expect([status, type]).toEqual([500, "application/problem+json"]);
  expect(body).toMatchObject({ code: "internal_error", status: 500 });
  expect(JSON.stringify(body) + JSON.stringify([...response.headers])).not.toContain(CANARY);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(it.records).toMatchObject([{ outcome: "internal_error", code: "internal_error" }]);
  expect(JSON.stringify(it.records)).not.toContain(CANARY);
  expect(it.errors).toEqual([expect.objectContaining({ message: CANARY })]);
  expect(it.thrown).toEqual([]);
}

describe("an exception in a hook ends that exchange alone:", () => {
  const cells = (["onRequest", "onResponse", "findApp"] as const).flatMap((hook) =>
    FAILURES.map(([how, fail]) => [hook, how, fail] as const),
  );

  test.each(cells)("%s %s", async (hook, _, fail) => {
    let failing = true;
    await using it = await embed();
    const { app } = it;
    const failFirst = () => (failing ? fail() : undefined);
    await using failed = await embed({
      sources: { findApp: () => (hook === "findApp" ? failFirst() : undefined) ?? app },
      hooks: hook === "findApp" ? {} : { [hook]: failFirst },
    });
    app.upstreams = failed.app.upstreams;
    await expectInternalError(failed, await failed.ask());
    failing = false;
    const next = await failed.ask();
    expect([next.status, await next.text()]).toEqual([200, "answer"]);
  });

  test("in a request with a body that streams", async () => {
    await using it = await embed({ hooks: { onRequest: FAILURES[1]![1] } });
    const body = new Blob(["x".repeat(200_000)]).stream();
    await expectInternalError(it, await it.ask({ method: "POST", body }));
    expect(it.upstream.connections).toHaveLength(0);
  });

  test.each(FAILURES)("and onResponse that %s leaves no connection behind", async (_, fail) => {
    await using it = await embed({
      script: [ENDLESS_HEAD + chunk("first")],
      hooks: { onResponse: fail },
    });
    await expectInternalError(it, await it.ask());
    const [connection] = it.upstream.connections;
    // At once, and not whenever the runtime collects garbage.
    await waitFor("the end of the connection", () => connection?.ended(), 500);
  });
});

describe("an exception in onBytes comes too late to change an answer, and is told:", () => {
  const ANSWERS: [
    what: string,
    script: string[],
    ask: (it: Embedded) => Promise<Response>,
    status: number,
    body: RegExp,
  ][] = [
    ["a small answer", [respond("answer")], (it) => it.ask(), 200, /^answer$/],
    [
      "a streamed answer",
      [ENDLESS_HEAD + chunk("a") + chunk("b") + chunk("")],
      (it) => it.ask(),
      200,
      /^ab$/,
    ],
    ["an empty answer", ["HTTP/1.1 204 No Content\r\n\r\n"], (it) => it.ask(), 204, /^$/],
    [
      "a refusal of a signed request",
      [respond("answer")],
      (it) => {
        it.app.upstreams[0]!.url!.port = "1";
        return it.ask();
      },
      403,
      /"code":"target_not_allowed"/,
    ],
  ];
  const cells = ANSWERS.flatMap(([what, ...answer]) =>
    FAILURES.map(([how, fail]) => [what, how, fail, ...answer] as const),
  );

  test.each(cells)("%s, onBytes %s", async (_, __, fail, script, ask, status, body) => {
    await using it = await embed({ script, observers: { onBytes: fail } });
    const response = await ask(it);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(body);
    expect(it.records).toHaveLength(1);
    expect(it.thrown).toEqual([]);
    await waitFor("the report", () => it.errors.length > 0, 2000);
    expect(it.errors).toEqual([expect.objectContaining({ message: CANARY })]);
    expect((await it.ask({ sign: { id: "nobody" } })).status).toBe(401);
  });
});
