import * as z from 'zod';

const positive = z.int().min(1);

/** The size of a U-Net. */
export const unetSchema = z.strictObject({
  width: positive.describe('channels at full resolution; every pooling doubles them'),
  depth: z.int().min(1).max(6).describe('poolings, each of which halves rows and columns'),
  groups: positive.describe('groups in which channels are normalised; they divide `unet.width`'),
});

/** The size of a U-Net. */
export type UnetConfig = z.infer<typeof unetSchema>;
