#!/usr/bin/env bash
# @tensorflow/tfjs-backend-webgpu 4.22.0 on webgpu 0.6.2 (Dawn for Node), Node 20 or 22, Debian's SwiftShader as adapter.
#
# Behaviour: addN of 9 tensors binds ten storage buffers in one kernel. tfjs asks its device for the adapter's limits of
# memory and groups, and not for that of storage buffers, so the device has WebGPU's least although the adapter has more.
# Dawn refuses the kernel and prints why; tfjs goes on, throws nothing, and `await data()` resolves with old memory, here
# the sum before.
# Output seen: "adapter 12, device 8" and "addN of 7: 7, of 9: 7, error: none thrown", between Dawn's lines.
#
# What most would expect: the sum, since it is within what the adapter can do, or else a rejected promise.
# Why it matters here: the gradient's norm is a sum over all parameters, so that clipping silently did nothing.
#
# Exits 0 while that is so, 1 when it changes, and 77 (skipped) where there is no SwiftShader.
set -euo pipefail

icd=/usr/lib/chromium/vk_swiftshader_icd.json
if [ ! -e "$icd" ]; then
  echo "skipped: needs $icd (Debian: chromium-common) and libvulkan1"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 \
  @tensorflow/tfjs-backend-webgpu@4.22.0 webgpu@0.6.2
cat >try.mjs <<'JS'
import { create, globals } from 'webgpu';
Object.assign(globalThis, globals);
const gpu = create([]);
Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
const tf = await import('@tensorflow/tfjs-core');
await import('@tensorflow/tfjs-backend-webgpu');
await tf.setBackend('webgpu');
await tf.ready();
const has = (owner) => owner.limits.maxStorageBuffersPerShaderStage;
console.log(`adapter ${has(await gpu.requestAdapter())}, device ${has(tf.backend().device)}`);
const size = 5000; // smaller tensors are added up by the processor
const sumOf = async (count) => (await tf.addN(Array.from({ length: count }, () => tf.ones([size]))).data())[0];
let thrown = 'none thrown';
const sums = [];
for (const count of [7, 9]) sums.push(await sumOf(count).catch((error) => (thrown = error.message)));
console.log(`addN of 7: ${sums[0]}, of 9: ${sums[1]}, error: ${thrown}`);
process.exit(sums[0] === 7 && sums[1] !== 9 && thrown === 'none thrown' ? 0 : 1);
JS
VK_DRIVER_FILES=$icd node try.mjs
