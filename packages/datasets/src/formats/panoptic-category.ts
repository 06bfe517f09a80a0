/** The greatest id that three bytes of colour hold. */
export const greatestSegment = 2 ** 24 - 1;

/** A class of segments. */
export interface PanopticCategory {
  readonly id: number;
  readonly name: string;
  /** Whether it has countable objects; of stuff, an image has one segment. */
  readonly isThing: boolean;
}
