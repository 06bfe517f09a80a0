import { withCurrent } from '@pffnet/network';
import * as z from 'zod';

/** The key of a rule that leaves out small objects. */
export const minArea = z.int().min(0).describe('objects of fewer pixels than this are left out');

/** The values of {@link minArea} that tuning tries, with the one of the config. */
export const minAreas = (current: number): number[] => withCurrent([0, 5, 10, 20, 30, 45, 65, 90], current);
