import type { SgdUpdateAttributes } from '@pffnet/structures';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { constant, eachNumber, isEmpty } from './program.ts';

/** Inputs parameter, velocity and gradient; outputs the new parameter and the new velocity. A kernel that tfjs does not have. */
export const sgdUpdate: KernelFunc = ({ inputs, attrs, backend: own }) => {
  const { parameter, velocity, gradient } = inputs as Record<'parameter' | 'velocity' | 'gradient', TensorInfo>;
  const { momentum, weightDecay, rate, gradientScale } = attrs as unknown as SgdUpdateAttributes;
  const backend = own as WebGPUBackend;
  const { shape } = parameter;
  if (isEmpty(parameter)) return [parameter, parameter].map(() => constant(backend, shape, 0, 'float32'));
  const newVelocity = eachNumber(backend, {
    name: 'sgd velocity',
    inputs: { parameter, velocity, gradient },
    shape,
    floats: { momentum, weightDecay, gradientScale },
    code: `fn valueAt(i: i32) -> f32 {
      let slope = uniforms.gradientScale * gradient[i] + uniforms.weightDecay * parameter[i];
      return uniforms.momentum * velocity[i] + slope;
    }`,
  });
  const newParameter = eachNumber(backend, {
    name: 'sgd parameter',
    inputs: { parameter, newVelocity },
    shape,
    floats: { rate },
    code: 'fn valueAt(i: i32) -> f32 { return parameter[i] - uniforms.rate * newVelocity[i]; }',
  });
  return [newParameter, newVelocity];
};
