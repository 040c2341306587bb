/** Reads a text file; `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined;
