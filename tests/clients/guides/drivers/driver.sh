. ./signway.sh
. ./token.sh

# THE EXAMPLE

unhex() {
  rest=$1 escapes=
  while [ -n "$rest" ]; do
    byte=${rest%"${rest#??}"}
    rest=${rest#??}
    escapes="$escapes\\0$(((0x$byte >> 6) & 7))$(((0x$byte >> 3) & 7))$((0x$byte & 7))"
  done
  printf %b "$escapes"
}

tab=$(printf '\t') newline='
'
while IFS= read -r line; do
  set --
  while :; do
    case $line in
      *"$tab"*) set -- "$@" "${line%%"$tab"*}" && line=${line#*"$tab"} ;;
      *) set -- "$@" "$line" && break ;;
    esac
  done
  SW_ID=$(unhex "$1") SW_SECRET=$(unhex "$2")
  if [ $# -eq 5 ]; then
    expires=$(unhex "$3") subject=$(unhex "$4") IFS="$newline"
    set -f
    set -- $(unhex "$5")
    unset IFS
    sw_token "$expires" "$subject" "$@"
    continue
  fi
  SW_GATEWAY=$(unhex "$3") target=$(unhex "$4")
  expires=$(unhex "$5") method=$(unhex "$6") seconds=$(unhex "$7") body=
  if [ "$(unhex "$8")" = yes ]; then
    body=body.bin
    unhex "$9" >"$body"
  fi
  SW_DATE=$(date -u -d "@$seconds" +%Y%m%dT%H%M%SZ)
  shift 9
  headers=$#
  while [ "$headers" -gt 0 ]; do
    set -- "$@" "$(unhex "$1"):$(unhex "$2")"
    shift 2
    headers=$((headers - 2))
  done
  sw_sign "$target" "$method" "$expires" "$body" "$@"
done
