import type { StepScheme } from '../provider.ts';
import type { SchemeStepCode } from '../step.ts';
import type { Steps } from '../steps/load-steps.ts';

/** @throws {TypeError} when the step was not loaded: a bug. */
export function schemeStep({ step }: StepScheme, steps: Steps): SchemeStepCode {
  if (steps.scheme === undefined) throw new TypeError(`the step ${step} is not loaded: call loadSteps first`);
  return steps.scheme;
}
