import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { KernelFunc, SoftmaxAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import { constant, eachNumber, isEmpty } from './program.ts';

/** A function of each number; tfjs's own for numbers that are not float32. */
const unary =
  (name: string, body: string) =>
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    if (x.dtype !== 'float32') return original(call);
    const code = `fn valueAt(i: i32) -> f32 { let a = x[i]; if (isnan(a)) { return a; } ${body} }`;
    return eachNumber(call.backend as WebGPUBackend, { name, inputs: { x }, shape: x.shape, code });
  };

/** What WGSL leaves open: it need not tell 0 and infinity from the numbers beside them. */
const log = `
  if (a < 0.0) { return uniforms.NAN; }
  if (a == 0.0) { return -uniforms.INFINITY; }
  if (a == uniforms.INFINITY) { return a; }`;

export const exp = unary('exp', 'return exp(a);');
export const sigmoid = unary('sigmoid', 'return 1.0 / (1.0 + exp(-a));');
export const logarithm = unary('log', `${log} return log(a);`);

/** Near 0 the series of 2 artanh(x / (2 + x)), else log(1 + x), which tfjs takes everywhere. */
export const log1p = unary(
  'log1p',
  `if (abs(a) < 0.3) {
    let s = a / (2.0 + a);
    let t = s * s;
    return 2.0 * s * (1.0 + t * (1.0 / 3.0 + t * (1.0 / 5.0 + t * (1.0 / 7.0 + t * (1.0 / 9.0 + t / 11.0)))));
  }
  return logOf(1.0 + a); }
  fn logOf(a: f32) -> f32 { ${log} return log(a);`,
);

/** Of each row; a row with NaN is NaN. One thread to a row: the networks' rows are classes. */
export const softmax: KernelFunc = ({ inputs, attrs, backend: own }) => {
  const { logits } = inputs as { logits: TensorInfo };
  const { dim } = attrs as unknown as SoftmaxAttrs;
  const backend = own as WebGPUBackend;
  if (isEmpty(logits)) return constant(backend, logits.shape, 0, 'float32');
  const integers = { width: logits.shape[dim] };
  const code = `
    fn valueAt(i: i32) -> f32 {
      let begin = i / uniforms.width * uniforms.width;
      var largest = logits[begin];
      for (var at = begin; at < begin + uniforms.width; at++) {
        if (isnan(logits[at])) { return logits[at]; }
        largest = max(largest, logits[at]);
      }
      var total = 0.0;
      for (var at = begin; at < begin + uniforms.width; at++) { total += exp(logits[at] - largest); }
      return exp(logits[i] - largest) / total;
    }`;
  return eachNumber(backend, { name: 'softmax', inputs: { logits }, shape: logits.shape, integers, code });
};

/** tfjs binds all tensors at once, more than a kernel may have: eight by default, and adapters differ. */
export const addN =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const terms = call.inputs as unknown as TensorInfo[];
    const backend = call.backend as WebGPUBackend;
    const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1; // one is the result's
    if (terms.length <= most) return original(call);
    const first = original({ ...call, inputs: terms.slice(0, most) as never }) as TensorInfo;
    try {
      return addN(original)({ ...call, inputs: [first, ...terms.slice(most)] as never });
    } finally {
      backend.disposeData(first.dataId);
    }
  };
