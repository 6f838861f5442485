export type DataFolderTrouble = 'in-use' | 'damaged' | 'unusable';

const ADVICE: Record<DataFolderTrouble, string> = {
  'in-use': 'Another process uses it. Stop that process, or choose another folder.',
  damaged: 'It is damaged. Move it away or delete it and start again; what it held is lost.',
  unusable: 'It cannot be written. Check the path and its permissions, or choose another folder.',
};

/** The embedded cloud's state cannot be opened. */
export class DataFolderError extends Error {
  readonly code = 'DATA_FOLDER';
  readonly folder: string;
  readonly trouble: DataFolderTrouble;

  constructor(
    where: { readonly folder: string; readonly trouble: DataFolderTrouble },
    options: ErrorOptions,
  ) {
    super(`Data folder ${where.folder}: ${ADVICE[where.trouble]}`, options);
    this.name = 'DataFolderError';
    this.folder = where.folder;
    this.trouble = where.trouble;
  }
}
