#!/usr/bin/env bash
# @tensorflow/tfjs-backend-wasm 4.22.0: a padding with NaN is taken for any other, and any other for it.
#
# Behaviour: where tf.pad with NaN comes first, every later tf.pad, by 0 or 5, pads with NaN for the rest of the process;
# where another constant came first, padding with NaN pads with that one. No error is raised. XNNPACK's operators are
# cached in a map by their constant, and NaN compares as equal to every key there.
# Output seen:
#   by NaN, 0, 5: NaN,7,NaN NaN,7,NaN NaN,7,NaN
#   by 0, NaN, 5: 0,7,0 0,7,0 5,7,5
# Expected: what was asked for each time, as on the CPU backend.
# Why it matters here: NaN is how "no value" is marked before a maximum or a mean over what is there. One such padding
# anywhere in a program turns all later zero padding, and so every convolution with explicit padding, into NaN.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 \
  @tensorflow/tfjs-backend-wasm@4.22.0
cat >check.cjs <<'SCRIPT'
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');
require('@tensorflow/tfjs-backend-wasm');
const pad = (by) => String(tf.pad1d(tf.tensor1d([7]), [1, 1], by).dataSync());
(async () => {
  await tf.setBackend(process.argv[2]);
  console.log(process.argv.slice(3).map((by) => pad(Number(by))).join(' '));
})();
SCRIPT
first=$(node check.cjs wasm NaN 0 5 2>/dev/null)
later=$(node check.cjs wasm 0 NaN 5 2>/dev/null)
echo "by NaN, 0, 5: $first"
echo "by 0, NaN, 5: $later"
[ "$first" = 'NaN,7,NaN NaN,7,NaN NaN,7,NaN' ]
[ "$later" = '0,7,0 0,7,0 5,7,5' ]
[ "$(node check.cjs cpu NaN 0 5 2>/dev/null)" = 'NaN,7,NaN 0,7,0 5,7,5' ]
