import type { SgdUpdateAttributes } from '@pffnet/structures';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, type EngineKernelsHere, type NativeKernel } from './kernel.ts';

/**
 * One step of stochastic gradient descent with momentum, for programs that run it as a kernel of its own (tfjs has none);
 * `@pffnet/training` does.
 *
 * `SgdUpdate`: inputs parameter, velocity, gradient of one shape; attributes momentum, weightDecay, rate,
 * gradientScale; outputs the new parameter p - rate * v' and the new velocity
 * v' = momentum * v + (gradientScale * g + weightDecay * p). A parameter that served in bf16 is rounded anew in the same pass.
 */
export const sgdKernels: EngineKernelsHere = { SgdUpdate: sgdUpdate };

function sgdUpdate({ inputs, attrs, backend }: Parameters<NativeKernel>[0]): TensorInfo[] | undefined {
  const { parameter, velocity, gradient } = inputs;
  const { momentum, weightDecay, rate, gradientScale } = attrs as unknown as SgdUpdateAttributes;
  if (!areFloats(parameter, velocity, gradient)) return undefined;
  const newParameter = backend.output(parameter.shape, 'float32');
  const newVelocity = backend.output(parameter.shape, 'float32');
  backend.addon.sgd(
    backend.floats(parameter),
    backend.floats(velocity),
    backend.floats(gradient),
    newParameter.values,
    newVelocity.values,
    backend.roundedAs(parameter, newParameter.info),
    momentum,
    weightDecay,
    rate,
    gradientScale,
  );
  return [newParameter.info, newVelocity.info];
}
