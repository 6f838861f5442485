import { METADATA_ATTRIBUTE } from '../../../lib/core/delivery.ts';
import { openInlet } from '../../../lib/core/inlet.ts';
import { ledgerRetentionSeconds, OBJECT_PREFIX } from '../../../lib/core/resources.ts';
import type { Reconcile } from '../../../lib/core/source.ts';
import { type Cloud, openCloud } from './cloud.ts';
import { auditEnd } from './end-of-day.ts';
import { baseUrlOf, KINDS, sourcesOf } from './kinds.ts';
import type { PlantedBug } from './planted-bug.ts';
import { FAULTS_END, openProviders, planThings } from './providers.ts';
import { simulatedApi } from './simulated-api.ts';
import { DAWN, openStage, type Stage, type StageOptions, type Violation } from './stage.ts';
import type { Line } from './story.ts';
import { withVirtualTimers } from './virtual-timers.ts';
import { openWeather } from './weather.ts';

export interface DayOptions extends StageOptions {
  readonly reconcile: Reconcile;
  readonly bug?: PlantedBug;
}

export interface Day {
  /** The promise that was broken, if any. */
  readonly violation: Violation | undefined;
  /** By name, what happened by chance. */
  readonly happened: readonly string[];
  readonly lines: readonly Line[];
}

const HOUR = 3_600_000;

/** The longest that anything may wait after the last fault: a day, as `postponement.ts` says, and some. */
const AT_REST_MS = 60 * HOUR;

/** Lives through one day: two and a half hours in which anything goes wrong, what comes of it, and an evening weeks later. */
export function liveDay(options: DayOptions): Promise<Day> {
  const stage = openStage(options);
  return withVirtualTimers(stage.time, () => play(stage, options));
}

async function play(stage: Stage, { reconcile, bug }: DayOptions): Promise<Day> {
  const sources = sourcesOf(reconcile);
  const retentionSeconds = ledgerRetentionSeconds(sources);
  const inlets = await Promise.all(sources.map(openInlet));
  const weather = openWeather(stage, { from: DAWN, until: FAULTS_END });
  const things = planThings(stage);
  const apis = new Map(KINDS.map((kind) => [baseUrlOf(kind.name), simulatedApi(stage, kind, things)]));
  const cloud = openCloud(
    { stage, weather },
    { inlets, retentionSeconds, reconcile, apis, ...(bug && { bug }) },
  );
  const providers = openProviders(stage, cloud, things);
  stage.time.at(FAULTS_END, () => {
    stage.faults.end();
    stage.story.tell(() => 'nothing goes wrong any more');
  });

  await untilRest(stage);
  putBack(stage, cloud);
  await untilRest(stage);
  if (stage.violation === undefined) auditEnd(stage, cloud, providers, reconcile);

  stage.time.jump(DAWN + retentionSeconds * 1000 + stage.dice.between(0, 8, 'weeks later') * HOUR);
  stage.story.tell(() => 'weeks later');
  cloud.table.deleteExpired();
  providers.resendSome();
  await untilRest(stage);
  if (stage.violation === undefined) auditEnd(stage, cloud, providers, reconcile);

  await cloud.close();
  return { violation: stage.violation, happened: stage.happened, lines: stage.story.lines };
}

async function untilRest(stage: Stage): Promise<void> {
  if (stage.violation !== undefined) return;
  const begin = Math.max(stage.time.now(), FAULTS_END);
  const isAtRest = await stage.time.play(begin + AT_REST_MS, () => stage.violation !== undefined);
  if (!isAtRest) stage.broken({ promise: 'end', words: 'something never comes to rest', about: [] });
}

/** What an operator does: what was spilled is queued, and dead letters get another chance. */
function putBack(stage: Stage, { bucket, deliveries, deadLetters, auditor }: Cloud): void {
  for (const [key, bytes] of bucket.objects) {
    if (!key.startsWith(OBJECT_PREFIX.spill)) continue;
    const { body, metadata } = JSON.parse(bytes.toString()) as {
      readonly body: string;
      readonly metadata: string;
    };
    const attributes = { [METADATA_ATTRIBUTE]: { DataType: 'String', StringValue: metadata } };
    stage.story.tell(() => `${key} is queued`);
    deliveries.send(key, { body, attributes });
  }
  for (const letter of deadLetters.receive(Number.POSITIVE_INFINITY)) {
    stage.story.tell(() => `${letter.id} is put back`);
    auditor.accounts.redriven(letter);
    deadLetters.remove(letter.receipt);
    deliveries.send(letter.id, letter);
  }
}
