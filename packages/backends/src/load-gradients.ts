/**
 * Registers the gradients of tfjs's ops. They come with tfjs-layers: tfjs-core alone has none, and its own
 * registration file does not resolve outside a bundler.
 */
export async function loadGradients(): Promise<void> {
  await import('@tensorflow/tfjs-layers');
}
