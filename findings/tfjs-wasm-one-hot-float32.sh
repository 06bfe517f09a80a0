#!/usr/bin/env bash
# @tensorflow/tfjs-backend-wasm 4.22.0: tf.oneHot of float32 holds 1.4e-45 in place of 1.
#
# Behaviour: with dtype 'float32' the kernel writes the bits of the integers 1 and 0 into memory that is read as float32.
# No error is raised, and the result prints as a tensor of zeros.
# Output seen:
#   wasm int32: 0,1,0
#   wasm float32: 0,1.401298464324817e-45,0
#   cpu float32: 0,1,0
# Expected: 0,1,0, as on the CPU backend, and as the documentation of `dtype` says.
# Why it matters here: classes encoded this way are all zeros for a loss, which then trains towards nothing, silently.
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
const encode = async (backend, dtype) => {
  await tf.setBackend(backend);
  const encoded = String(tf.oneHot(tf.tensor1d([1], 'int32'), 3, 1, 0, dtype).dataSync());
  console.log(`${backend} ${dtype}: ${encoded}`);
  return encoded;
};
(async () => {
  const whole = await encode('wasm', 'int32');
  const wasm = await encode('wasm', 'float32');
  const cpu = await encode('cpu', 'float32');
  process.exit(whole === '0,1,0' && wasm === '0,1.401298464324817e-45,0' && cpu === '0,1,0' ? 0 : 1);
})();
SCRIPT
node check.cjs 2>/dev/null
