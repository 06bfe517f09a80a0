import { getGradient, registerGradient, unregisterGradient } from '@tensorflow/tfjs-core';
import { mirrorPadGradient } from './corrections/mirror-pad-gradient.ts';

/**
 * Registers the gradients of tfjs's ops. They come with tfjs-layers: tfjs-core alone has none, and its own
 * registration file does not resolve outside a bundler. The one that is wrong is replaced.
 */
export async function loadGradients(): Promise<void> {
  await import('@tensorflow/tfjs-layers');
  if (getGradient(mirrorPadGradient.kernelName) === mirrorPadGradient) return;
  unregisterGradient(mirrorPadGradient.kernelName);
  registerGradient(mirrorPadGradient);
}
