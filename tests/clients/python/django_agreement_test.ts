import { afterAll, describe, expect, test } from "bun:test";
import { HASH_NAMES } from "../../../lib/signing/verify.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { DENIED } from "../../support/header_signature.ts";
import { createRandom, printedSeed } from "../../support/random.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { damage } from "./django_damages.ts";
import {
  BLOCK_SCHEMES,
  randomRequest,
  randomScheme,
  type Scheme,
  signatureOf,
  withSignature,
} from "./django_requests.ts";
import { type DjangoSettings, installDjango, sendTo, startDjango } from "./django_server.ts";

/** How many settings, and how many requests to each. */
const [SCHEMES, REQUESTS] = [48, 8];
const DETAIL = DENIED.detail;

const random = createRandom(printedSeed("Django"));
const schemes = Array.from({ length: SCHEMES }, (_, i) => randomScheme(random, i));
const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({ route: [...schemes, ...BLOCK_SCHEMES].map(routeOf) });
const django = await requirement("Django", async () => startDjango(await installDjango()));

afterAll(async () => {
  if ("value" in django) await django.value[Symbol.asyncDispose]();
  await gateway.stop();
  await upstream.stop();
});

function routeOf({ secret, fields, delimiter, hash }: Scheme, index: number) {
  const scheme = { scheme: "sasigning" as const, fields, delimiter, hash };
  const signature = { ...scheme, secrets: [secret], headers: ["Signature"] };
  return { path: `/s${index}/`, upstream: upstream.url, signature };
}

function settingsOf({ secret, fields, delimiter, hash }: Scheme): DjangoSettings {
  return {
    SA_SIGNING_SECRET_KEY: secret,
    SA_SIGNING_FIELDS: fields,
    SA_SIGNING_DELIMETER: delimiter,
    SA_SIGNING_HASH_FUNCTION: hash,
  };
}

const counts = new Map<string, number>();
const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);

describe.skipIf("reason" in django)("the gateway agrees with the published Django package", () => {
  test.each(schemes.map((scheme, i) => [i, scheme.hash, scheme.fields.join(), scheme] as const))(
    "settings %i: %s over %s",
    async (index, hash, _, scheme) => {
      if ("reason" in django) return;
      for (let i = 0; i < REQUESTS; i++) {
        let request = await randomRequest(random, `/s${index}/`, scheme);
        let name = "nothing";
        if (i % 2 === 1) [name, request] = await damage(request, scheme, random);
        const theirs = await django.value.send(request, settingsOf(scheme), scheme.guard);
        const ours = await sendTo(gateway.port, request);
        const context = { damage: name, request, scheme };
        expect({ ...context, accepted: ours.status === 200 }).toEqual({
          ...context,
          accepted: theirs.status === 200,
        });
        const verdict = ours.status === 200 ? "accepted" : "refused";
        for (const what of [verdict, `${hash} ${verdict}`, `${name} ${verdict}`]) count(what);
        if (ours.status === 200) continue;
        expect([401, 500]).toContain(theirs.status);
        expect({ ...context, status: ours.status }).toEqual({ ...context, status: 401 });
        if (request.method === "HEAD") continue;
        expect(problemOf(ours)).toMatchObject(DENIED);
        if (theirs.status === 401) expect(problemOf(theirs)).toEqual({ detail: DETAIL });
      }
    },
    30_000,
  );

  test.each(
    BLOCK_SCHEMES.map((scheme, i) => [scheme.hash, scheme.secret.length, i, scheme] as const),
  )("%s with a secret of %i bytes", async (_, __, index, scheme) => {
    if ("reason" in django) return;
    const bare = { method: "GET", target: `/s${SCHEMES + index}/x`, headers: [] };
    const request = withSignature(bare, await signatureOf(bare, scheme));
    const theirs = await django.value.send(request, settingsOf(scheme), scheme.guard);
    const ours = await sendTo(gateway.port, request);
    expect([ours.status, theirs.status]).toEqual([200, 200]);
  });

  test("on enough of both kinds", () => {
    const of = (what: string) => counts.get(what) ?? 0;
    console.log(`Django: ${of("accepted")} accepted, ${of("refused")} refused by both`);
    expect(of("accepted") + of("refused")).toBe(SCHEMES * REQUESTS);
    expect(of("accepted")).toBeGreaterThan(100);
    expect(of("refused")).toBeGreaterThan(60);
    for (const hash of HASH_NAMES) expect(of(`${hash} accepted`)).toBeGreaterThan(0);
    for (const [what, number] of counts) {
      if (/^another (secret|digit) accepted$/.test(what)) expect([what, number]).toEqual([what, 0]);
    }
  });
});
