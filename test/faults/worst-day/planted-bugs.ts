import type { NamedBug } from './planted-bug.ts';
import { PLANTED_IN_FETCHING } from './planted-in-fetching.ts';
import { PLANTED_IN_WRITING } from './planted-in-writing.ts';

export const PLANTED_BUGS: readonly NamedBug[] = [...PLANTED_IN_WRITING, ...PLANTED_IN_FETCHING];
