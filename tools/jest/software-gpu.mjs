import { existsSync } from 'node:fs';

/** Where Debian's package "chromium-common" puts SwiftShader, a GPU that a processor pretends to be. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Lets Dawn find SwiftShader where it is installed, so that the tests of WebGPU run on every machine in the same way. They
 * run on a GPU's own driver where `VK_DRIVER_FILES` names it, and are skipped where Dawn finds neither. To be called
 * before Jest starts its workers: the loader of Vulkan reads the environment of the process.
 */
export function useSoftwareGpu() {
  if (existsSync(swiftShader)) process.env.VK_DRIVER_FILES ??= swiftShader;
}
