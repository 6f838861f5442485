import type { FetchAnswer, ResourceReader } from '../ports.ts';
import type { DocumentShape } from '../provider-api.ts';
import type { Source, SourceName } from '../source.ts';
import { type AccessPorts, type ApiAccess, apiAccess, type Holding } from './api-access.ts';
import { type Reading, readAnswer, unknown } from './api-answer.ts';
import { type ApiBudget, apiBudget, type BudgetPorts } from './api-budget.ts';
import { apiRequest, apiUrl, type ReconciledSource } from './api-request.ts';
import { askApi } from './ask-api.ts';
import type { Permit } from './draw-permits.ts';
import { type KindRead, markOf } from './kind-read.ts';
import { redirectTarget } from './redirect-target.ts';

export interface ReaderPorts extends AccessPorts, BudgetPorts {
  /** Waits so many ms, about a second at most. */
  readonly pause: (ms: number) => Promise<void>;
}

type Address = Parameters<ResourceReader['read']>[1];

/** What is asked for, below the base URL for sure. */
interface Question {
  readonly url: string;
  readonly kind: string;
  readonly shape: DocumentShape;
  readonly etag?: string;
}

/** What one source has kept, in this sandbox. */
interface Desk {
  readonly source: ReconciledSource;
  readonly access: ApiAccess;
  readonly budget: ApiBudget;
}

/**
 * Reads resources from the providers' APIs, each source within its rate and by its own credentials. What has moved below the base URL
 * (GitHub answers 301 for a repository that was renamed) is asked for once more, where it is now.
 * @example
 * const resources = resourceReader({ ledger, api, secrets, now: Date.now, random: Math.random, pause });
 * await resources.read(source, { path: '/v1/charges/ch_1', kind: 'charge', shape: {} }) // { kind: 'found', text: '{"id":"ch_1",…}' }
 */
export function resourceReader(ports: ReaderPorts): ResourceReader {
  const desks = new Map<SourceName, Desk>();
  const deskOf = (source: Source): Desk => {
    const known = desks.get(source.name);
    if (known !== undefined) return known;
    if (!isReconciled(source)) throw new TypeError(`the API of the source ${source.name} is never asked`);
    const desk = { source, access: apiAccess(source, ports), budget: apiBudget(source, ports) };
    desks.set(source.name, desk);
    return desk;
  };
  return { read: async (source, address) => readResource(deskOf(source), address, ports) };
}

function isReconciled(source: Source): source is ReconciledSource {
  return source.reconcile !== undefined;
}

async function readResource(desk: Desk, address: Address, ports: ReaderPorts): Promise<FetchAnswer> {
  const { source } = desk;
  const { path, ...rest } = address;
  const url = apiUrl(source.reconcile.baseUrl, path);
  if (url === undefined) return unknown('unusable', 'its path leads out of the base URL');
  const { answer, movedTo } = await askWithAnyKey(desk, { ...rest, url }, ports);
  return movedTo === undefined ? answer : readMoved(desk, { ...rest, url: movedTo }, ports);
}

/** A tag is of one address: none is sent along to another, nor kept from there. A second redirect is as good as no answer. */
async function readMoved(
  desk: Desk,
  { etag: _, ...question }: Question,
  ports: ReaderPorts,
): Promise<FetchAnswer> {
  const { answer } = await askWithAnyKey(desk, question, ports);
  return answer.kind === 'found' ? { kind: 'found', text: answer.text } : answer;
}

/** The answer to one question, and the headers that were not taken, or where else to ask. */
interface Asked {
  readonly answer: FetchAnswer;
  readonly refused?: { readonly headers: Readonly<Record<string, string>> | undefined };
  readonly movedTo?: string;
}

/** With what is stored; when that is not taken, with what is stored by now. */
async function askWithAnyKey(desk: Desk, question: Question, ports: ReaderPorts): Promise<Asked> {
  const { access } = desk;
  const holding = await access.holding();
  if (holding.kind === 'unknown') return { answer: holding };
  const first = await ask(desk, holding, question, ports);
  if (first.refused === undefined) return first;
  const other = await access.renewed(holding, first.refused.headers);
  return other === undefined ? first : ask(desk, other, question, ports);
}

async function ask(desk: Desk, holding: Holding, question: Question, ports: ReaderPorts): Promise<Asked> {
  const { source, budget, access } = desk;
  const permit = await budget.permit();
  if ('kind' in permit) return { answer: permit };
  const { now, pause } = ports;
  const early = permit.at - now();
  if (early > 0) await pause(early);
  const proof = await access.headers(holding);
  if (proof.kind === 'obstacle') {
    await budget.note({ ...proof.signs, permit });
    const isRefused = proof.answer.reason === 'no-credentials';
    return { answer: proof.answer, ...(isRefused ? { refused: { headers: undefined } } : {}) };
  }
  const { movedTo, ...reading } = await read(source, question, proof.headers, ports);
  const answer = await conclude(desk, {
    reading,
    permit,
    kind: { kind: question.kind, key: markOf(source.name, holding.api) },
  });
  return {
    answer,
    ...(reading.unauthorized ? { refused: { headers: proof.headers } } : {}),
    ...(movedTo === undefined ? {} : { movedTo }),
  };
}

async function read(
  source: ReconciledSource,
  question: Question,
  headers: Readonly<Record<string, string>>,
  { api, now }: ReaderPorts,
): Promise<Reading & Pick<Asked, 'movedTo'>> {
  const request = apiRequest(source, question, headers);
  const asked = await askApi(api, source, request);
  if (asked.kind === 'obstacle') return { ...asked.signs, answer: asked.answer };
  const limits = source.provider.api?.rateLimit;
  const reading = readAnswer(
    asked.response,
    { asked: 'if-none-match' in request.headers ? 'for-changes' : 'at-all', shape: question.shape },
    { limits, now: now() },
  );
  const movedTo = redirectTarget(source.reconcile.baseUrl, request, asked.response);
  return movedTo === undefined ? reading : { ...reading, movedTo };
}

async function conclude(
  { budget }: Desk,
  { reading, permit, kind }: { readonly reading: Reading; readonly permit: Permit; readonly kind: KindRead },
): Promise<FetchAnswer> {
  const { answer, health, waitSeconds } = reading;
  const isRead = answer.kind === 'found' || answer.kind === 'unchanged';
  await budget.note({
    permit,
    health,
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
    ...(isRead ? { read: kind } : {}),
  });
  if (answer.kind !== 'absent') return answer;
  return { kind: 'absent', ofKind: budget.hasRead(kind) ? 'known' : 'unknown' };
}
