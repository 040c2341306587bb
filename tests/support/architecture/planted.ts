/** Made-up files that break a rule. */
export interface Broken {
  /** The title of the rule. */
  rule: string;
  /** How they break it. */
  what: string;
  /** The texts by their paths. */
  files: Readonly<Record<string, string>>;
  /** Everything that the rule finds, as `path:line what`; line 0 is the whole file. */
  found: readonly string[];
}

/** Made-up files that keep a rule, though they look as if they broke it. */
export type Sound = Omit<Broken, "found">;

/** Examples of one rule. */
export function examplesOf<Example>(rule: string, examples: readonly Example[]) {
  return examples.map((example) => ({ rule, ...example }));
}

/** One file that imports another, which it may not. */
export function arrow(from: string, to: string, specifier: string): Omit<Broken, "rule"> {
  return {
    what: `${from} imports ${to}`,
    files: { [from]: `import "${specifier}";` },
    found: [`${from}:1 imports ${to}`],
  };
}

/** One file that is wrong, with the line and the finding of each mistake. */
export function wrong(
  what: string,
  path: string,
  lines: readonly string[],
  ...found: string[]
): Omit<Broken, "rule"> {
  const files = { [path]: lines.join("\n") };
  return { what, files, found: found.map((finding) => `${path}:${finding}`) };
}

/** One file that is right. */
export function right(what: string, path: string, ...lines: string[]): Omit<Sound, "rule"> {
  return { what, files: { [path]: lines.join("\n") } };
}
