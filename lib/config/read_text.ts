/** Reads a text file; `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** The texts of files, by their paths. */
export type TextsByPath = Readonly<Record<string, string>>;
