#!/usr/bin/env bash
# Runs every finding beside this file and says of each whether it still holds: findings/run-all.sh. Exit code 1 if one
# does not.
set -uo pipefail
cd "$(dirname "$0")"
changed=0
for script in *.sh; do
  [ "$script" = "$(basename "$0")" ] && continue
  if output=$(bash "$script" 2>&1); then
    echo "holds    $script"
  else
    echo "changed  $script"
    changed=1
  fi
  echo "$output" | sed 's/^/         /'
done
exit "$changed"
