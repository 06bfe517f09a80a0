import { expect, test } from '@jest/globals';
import { type AugmentationConfig, fullAugmentation } from '@pffnet/datasets';
import { type NetworkConfig, trainingSchema } from '@pffnet/network';

/** `training.augmentation` without `scale`, which says how patches are cut. */
type Configured = Omit<NetworkConfig['training']['augmentation'], 'scale'>;
type Unchangeable<T> = T extends object ? { readonly [Key in keyof T]: Unchangeable<T[Key]> } : T;
type Same<A, B> = [Unchangeable<A>, Unchangeable<B>] extends [Unchangeable<B>, Unchangeable<A>] ? true : false;

test('what augment takes is what the config says, key by key: else this does not compile', () => {
  const same: Same<AugmentationConfig, Configured> = true;
  expect(same).toBe(true);
  const parsed = trainingSchema.shape.augmentation.parse(fullAugmentation);
  expect(parsed).toEqual({ ...fullAugmentation, scale: { min: 1, max: 1 } });
});
