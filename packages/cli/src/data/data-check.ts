import type { DatasetFormat, Problem, SurveySummary } from '@pffnet/datasets';
import type { DataFinding } from '@pffnet/network';

/** Everything that `data check` says. */
export interface DataCheck {
  readonly folder: string;
  readonly format: DatasetFormat;
  /** Whether there is no error among the problems. */
  readonly usable: boolean;
  /** Errors first. */
  readonly problems: readonly Problem[];
  /** What families of networks say about the objects. */
  readonly findings: readonly DataFinding[];
  readonly summary: SurveySummary;
}
