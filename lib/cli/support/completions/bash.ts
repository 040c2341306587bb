import { type CompletedCommand, type Proposal, spellings } from "./completed_command.ts";

/**
 * Writes completions for bash 4 and later.
 *
 * @param commands with their options
 * @returns a script that defines a function and registers it
 */
export function bashCompletions(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completions of signway for bash.
_signway() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command=serve
  COMPREPLY=()
  if ((COMP_CWORD == 1)) && [[ $word != -* ]]; then
    _signway_words ${quoteList(names)}
    return
  fi
  case \${COMP_WORDS[1]} in
    ${names.join(" | ")}) command=\${COMP_WORDS[1]} ;;
  esac
  case "$command $before" in
${values(commands)}
  esac
  if [[ $word == -* ]]; then
    case $command in
${commands.map((command) => options(command)).join("\n")}
    esac
    return
  fi
  case $command in
${commands
  .filter(({ argument }) => argument !== "nothing")
  .map(({ name, argument }) => `    ${name}) ${propose(argument)} ;;`)
  .join("\n")}
  esac
}
_signway_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}
_signway_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -F _signway signway
`;
}

/** The lines for words behind an option with a value. */
function values(commands: readonly CompletedCommand[]): string {
  return commands
    .flatMap(({ name, options }) =>
      options
        .filter(({ value }) => value !== undefined)
        .map((option) => {
          const patterns = spellings(option).map((spelling) => `'${name} ${spelling}'`);
          return `    ${patterns.join(" | ")}) ${propose(option.proposal)}; return ;;`;
        }),
    )
    .join("\n");
}

function options({ name, options }: CompletedCommand): string {
  const words = options.flatMap((option) => spellings(option));
  return `      ${name}) _signway_words ${quoteList(words)} ;;`;
}

function propose(proposal: Proposal): string {
  if (proposal === "nothing") return ":";
  return proposal === "files" ? "_signway_files" : `_signway_words ${quoteList(proposal)}`;
}

function quoteList(words: readonly string[]): string {
  return `'${words.join(" ")}'`;
}
