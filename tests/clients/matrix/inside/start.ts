import { examine, type Situation } from "./examine.ts";
import type { Subject } from "./subject.ts";

/** Lets the one who started the runtime examine a client: a page's script calls it, a program has its environment. */
export function start<C>(subject: Subject<C>): void {
  if (typeof document !== "undefined") {
    Object.assign(globalThis, { examine: (situation: Situation) => examine(subject, situation) });
    return;
  }
  const situation = JSON.parse(process.env["SITUATION"] ?? "") as Situation;
  void examine(subject, situation).then((report) => console.log(JSON.stringify(report)));
}
