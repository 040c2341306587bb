import {
  type CompletedCommand,
  type CompletedOption,
  type Proposal,
  spellings,
} from "./completed_command.ts";

/**
 * Writes completions for zsh, as a file `_signway` in `fpath` or for `eval`.
 *
 * @param commands with their options
 */
export function zshCompletions(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  return `#compdef signway
# Completions of signway for zsh.
_signway() {
  local -a commands=(
${described.join("\n")}
  )
  local name=serve
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe -t commands command commands
    return
  fi
  if (( $+commands[(r)$words[2]:*] )); then
    name=$words[2]
    shift words
    (( CURRENT-- ))
  fi
  case $name in
${commands.map((command) => branch(command)).join("\n")}
  esac
}
if [[ $funcstack[1] == _signway ]]; then
  _signway "$@"
else
  compdef _signway signway
fi
`;
}

function branch({ name, argument, options }: CompletedCommand): string {
  const specs = options.flatMap((option) => specsOf(option)).map((spec) => `        ${spec}`);
  const rest = argument === "nothing" ? [] : [`        ${quote(`*:argument:${action(argument)}`)}`];
  const lines = [...specs, ...rest];
  if (lines.length === 0) return `    ${name}) ;;`;
  return `    ${name})\n      _arguments \\\n${lines.join(" \\\n")}\n      ;;`;
}

function specsOf(option: CompletedOption): string[] {
  const { isRepeatable, summary, value, proposal } = option;
  const all = spellings(option);
  const repeat = isRepeatable ? "*" : `(${all.join(" ")})`;
  const message = value === undefined ? "" : `:${escape(value)}:${action(proposal)}`;
  return all.map((spelling) => quote(`${repeat}${spelling}[${escape(summary)}]${message}`));
}

function action(proposal: Proposal): string {
  if (proposal === "nothing") return "";
  return proposal === "files" ? "_files" : `(${proposal.join(" ")})`;
}

function escape(text: string): string {
  return text.replace(/[[\]:\\]/g, String.raw`\$&`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
