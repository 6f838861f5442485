import { expect, test } from 'vitest';
import { DataFolderError } from '../../lib/local/data-folder-error.ts';

const level = (code: string, message = '') =>
  Object.assign(new Error('Database failed to open'), {
    code: 'LEVEL_DATABASE_NOT_OPEN',
    cause: Object.assign(new Error(message), { code }),
  });
const sqlite = (errcode: number) => Object.assign(new Error('sqlite'), { code: 'ERR_SQLITE_ERROR', errcode });
const system = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ['in-use', level('LEVEL_LOCKED')],
  ['in-use', sqlite(5)],
  ['unusable', system('EACCES')],
  ['unusable', level('EEXIST')],
  ['unusable', level('LEVEL_IO_ERROR', 'IO error: LOCK: Permission denied')],
  ['unusable', sqlite(14)],
  ['damaged', level('LEVEL_CORRUPTION')],
  ['damaged', level('LEVEL_IO_ERROR', 'IO error: MANIFEST-000004: No such file or directory')],
  ['damaged', sqlite(26)],
  ['damaged', new SyntaxError('Unexpected token')],
  ['damaged', undefined],
])('says that a data folder is %s for %o', (trouble, cause) => {
  expect(new DataFolderError('/data', { cause })).toMatchObject({
    code: 'DATA_FOLDER',
    folder: '/data',
    trouble,
    cause,
  });
});
