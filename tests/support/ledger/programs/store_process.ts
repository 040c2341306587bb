import { parseArgs } from "node:util";
import type { Operation } from "../../../../lib/gateway/ledger/store.ts";
import { LedgerFileError } from "../../../../lib/runtime/ledger/sqlite/ledger_file_error.ts";
import { SqliteStore } from "../../../../lib/runtime/ledger/sqlite/sqlite_store.ts";

// A process with a store in a file. Each line of its input is a command, and each line of its output the result.

/** A command, with a number that the result has too. */
export type StoreCommand = { id: number } & (
  { kind: "run"; operation: Operation } | { kind: "shell"; script: string } | { kind: "close" }
);

const { values, positionals } = parseArgs({
  options: { boot: { type: "string" } },
  allowPositionals: true,
});

function open(): SqliteStore {
  try {
    const onFailure = (failure: string) => console.log(JSON.stringify({ failure }));
    return new SqliteStore(positionals[0]!, {
      onFailure,
      ...(values.boot !== undefined && { boot: values.boot }),
    });
  } catch (error) {
    if (!(error instanceof LedgerFileError)) throw error;
    console.error(error.message);
    console.log(JSON.stringify({ code: error.code }));
    process.exit(1);
  }
}

async function execute(command: StoreCommand): Promise<unknown> {
  switch (command.kind) {
    case "run":
      return store.run(command.operation);
    case "shell":
      return Bun.$`sh -c ${command.script}`.quiet().nothrow().text();
    case "close":
      return store.close();
  }
}

const store = open();
console.log(JSON.stringify({ ready: true }));
for await (const line of console) {
  const command = JSON.parse(line) as StoreCommand;
  void execute(command).then(
    (result = null) => console.log(JSON.stringify({ id: command.id, result })),
    () => console.log(JSON.stringify({ id: command.id, error: true })),
  );
}
