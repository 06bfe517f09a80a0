#!/usr/bin/env bash
# Runs every finding beside this file and says of each whether it still holds, or what it lacks here (exit code 77): findings/run-all.sh. Exit code 1 if one
# does not.
set -uo pipefail
cd "$(dirname "$0")"
changed=0
for script in *.sh; do
  [ "$script" = "$(basename "$0")" ] && continue
  output=$(bash "$script" 2>&1)
  case $? in
    0) echo "holds    $script" ;;
    77) echo "skipped  $script" ;;
    *)
      echo "changed  $script"
      changed=1
      ;;
  esac
  echo "$output" | sed 's/^/         /'
done
exit "$changed"
