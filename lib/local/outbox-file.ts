import {
  appendFileSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';

/** One message of the outbox's queue. */
interface OutboxMessage {
  /** SQS's id of the message: the same each time the queue hands it out. */
  readonly id: string;
  /** A CloudEvent in JSON. */
  readonly text: string;
}

/**
 * A file to which each message is appended once, as one line, although a queue hands messages out at least once and the process
 * may be killed anywhere.
 */
export interface OutboxFile {
  append(messages: readonly OutboxMessage[]): void;
  /** The queue has deleted them: they will not come again. */
  forget(ids: readonly string[]): void;
  close(): void;
}

/** The outbox file, or the one beside it, cannot be used. */
export class OutboxFileError extends Error {
  readonly code = 'OUTBOX_FILE';

  constructor(file: { readonly path: string; readonly trouble: string }, options: ErrorOptions) {
    super(`Outbox file ${file.path} ${file.trouble}`, options);
    this.name = 'OutboxFileError';
  }
}

/** What was appended, or was about to be, when the process ended. */
interface Pending {
  /** The file's size before the last append, in bytes. */
  readonly from: number;
  /** Messages that the queue may hand out again, and where the line of each ends, in bytes. */
  readonly ends: readonly (readonly [id: string, end: number])[];
}

/**
 * Opens the file, and makes it when there is none. Beside it, `<file>.pending` says which messages are in it but perhaps not yet
 * deleted from the queue: that is written before the lines are, so that whoever comes after a kill knows what is there already.
 * @throws {OutboxFileError}
 */
export function openOutboxFile(path: string): OutboxFile {
  const file = openForAppending(path);
  const pendingPath = `${path}.pending`;
  let ends = finishLastAppend(file, readPending(pendingPath));
  return {
    append(messages) {
      const from = fstatSync(file).size;
      const next = new Map(ends);
      let end = from;
      let lines = '';
      for (const { id, text } of messages) {
        if (next.has(id)) continue;
        const line = `${oneLine(text)}\n`;
        end += Buffer.byteLength(line);
        lines += line;
        next.set(id, end);
      }
      writePending(pendingPath, { from, ends: [...next] });
      appendWhole(file, lines, from);
      ends = next;
    },
    forget(ids) {
      for (const id of ids) ends.delete(id);
    },
    close: () => {
      closeSync(file);
      if (ends.size === 0) rmSync(pendingPath, { force: true });
    },
  };
}

function openForAppending(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const trouble = `cannot be written (${code}). Check the path, or choose another file.`;
    throw new OutboxFileError({ path, trouble }, { cause });
  }
}

/** JSON has line ends between its tokens only (inside strings they are escaped), where they mean nothing. */
function oneLine(json: string): string {
  return json.replace(/[\r\n]+/g, '');
}

function appendWhole(file: number, lines: string, from: number): void {
  try {
    appendFileSync(file, lines);
  } catch (error) {
    ftruncateSync(file, from);
    throw error;
  }
}

/** Cuts off what there is of a line that a kill cut off, and gives the messages whose lines are whole. */
function finishLastAppend(file: number, { from, ends }: Pending): Map<string, number> {
  const { size } = fstatSync(file);
  const whole = ends.filter(([, end]) => end <= size);
  const wholeUntil = Math.max(from, ...whole.map(([, end]) => end));
  if (whole.length < ends.length && wholeUntil < size) ftruncateSync(file, wholeUntil);
  return new Map(whole);
}

/** It is replaced as a whole, so it is there as it was written, or not at all. */
function readPending(path: string): Pending {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { from: 0, ends: [] };
    const trouble = 'cannot be read. Delete it and start again.';
    throw new OutboxFileError({ path, trouble }, { cause });
  }
}

function writePending(path: string, pending: Pending): void {
  writeFileSync(`${path}.new`, JSON.stringify(pending));
  renameSync(`${path}.new`, path);
}
