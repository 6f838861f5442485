export type DataFolderTrouble = 'in-use' | 'damaged' | 'unusable';

const ADVICE: Record<DataFolderTrouble, string> = {
  'in-use': 'Another process uses it. Stop that process, or choose another folder.',
  damaged: 'It is damaged. Move it away or delete it and start again; what it held is lost.',
  unusable: 'It cannot be written. Check the path and its permissions, or choose another folder.',
};

/** The embedded cloud's state cannot be opened; `trouble` follows from what the stores or the disk have thrown. */
export class DataFolderError extends Error {
  readonly code = 'DATA_FOLDER';
  readonly folder: string;
  readonly trouble: DataFolderTrouble;

  constructor(folder: string, options: { readonly cause: unknown }) {
    const trouble = troubleOf(options.cause);
    super(`Data folder ${folder}: ${ADVICE[trouble]}`, options);
    this.name = 'DataFolderError';
    this.folder = folder;
    this.trouble = trouble;
  }
}

const NOT_WRITABLE = new Set<unknown>(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST']);
/** SQLITE_BUSY: another connection holds its lock. */
const SQLITE_BUSY = 5;
/** SQLITE_PERM, SQLITE_READONLY, SQLITE_FULL, SQLITE_CANTOPEN */
const SQLITE_NOT_WRITABLE = new Set<unknown>([3, 8, 13, 14]);

interface StoreError {
  readonly code?: unknown;
  /** SQLite's own number. */
  readonly errcode?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
}

/** LevelDB tells what happened in the cause of its error, SQLite by a number, the file system by a name. */
function troubleOf(error: unknown): DataFolderTrouble {
  const thrown = (error ?? {}) as StoreError;
  const { code, errcode, message } = (thrown.cause ?? thrown) as StoreError;
  if (code === 'LEVEL_LOCKED' || errcode === SQLITE_BUSY) return 'in-use';
  if (NOT_WRITABLE.has(code) || SQLITE_NOT_WRITABLE.has(errcode)) return 'unusable';
  return code === 'LEVEL_IO_ERROR' && !/No such file/.test(String(message)) ? 'unusable' : 'damaged';
}
