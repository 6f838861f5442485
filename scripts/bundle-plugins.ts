import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, dirname, posix, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/** A module of ours that a bundle imports dynamically, and the name of the file it becomes, without ending. */
export interface LazyModule {
  readonly output: string;
  readonly file: string;
}

const withoutPrefix = (specifier: string): string => specifier.replace(/^node:/, '');

const identifier = /^[A-Za-z_$][\w$]*$/;

/** Each name is read only when used: unused ones fall to tree shaking, and getters (`http.WebSocket`) stay unread. */
function moduleOfBuiltIn(name: string): string {
  const module: object = process.getBuiltinModule(name) ?? {};
  const names = Object.keys(module).filter((key) => identifier.test(key) && key !== 'default');
  return [
    `const module = process.getBuiltinModule('node:${name}');`,
    'export default module;',
    ...names.map(
      (key, n) =>
        `const _${n} = /* @__PURE__ */ (() => ${exported(module, key)})(); export { _${n} as ${key} };`,
    ),
  ].join('\n');
}

/**
 * A class behind a getter is loaded when it is read: for `fs.ReadStream`, with which the AWS clients only compare bodies, Node loads
 * its streams, promises and readline. So it is read when something is compared with it; whoever constructs or extends it gets a TypeError.
 */
function exported(module: object, key: string): string {
  const read = `module.${key}`;
  const isLazyClass = /^[A-Z]/.test(key) && Object.getOwnPropertyDescriptor(module, key)?.get !== undefined;
  return isLazyClass && typeof Reflect.get(module, key) === 'function'
    ? `({ [Symbol.hasInstance]: (value) => value instanceof ${read} })`
    : read;
}

/**
 * Built-in modules through `process.getBuiltinModule`. An ESM import of `node:http` reads every export to make its
 * namespace, and so loads undici: 20 ms of a cold start.
 */
export function builtInModules(): Plugin {
  return {
    name: 'built-in-modules',
    setup({ onResolve, onLoad, onEnd }) {
      onResolve({ filter: /^(node:)?[a-z0-9_]+(\/[a-z0-9_]+)*$/ }, ({ path, kind }) => {
        if (!isBuiltin(path)) return undefined;
        const name = withoutPrefix(path);
        if (kind === 'dynamic-import') return { path: `node:${name}`, external: true };
        return {
          path: name,
          namespace: kind === 'require-call' ? 'built-in-required' : 'built-in',
          sideEffects: false,
        };
      });
      onLoad({ filter: /.*/, namespace: 'built-in' }, ({ path }) => ({ contents: moduleOfBuiltIn(path) }));
      onLoad({ filter: /.*/, namespace: 'built-in-required' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('node:${path}');`,
      }));
      // esbuild can give a dynamic import another target, but not another form.
      onEnd(({ outputFiles = [] }) => {
        for (const file of outputFiles) {
          const text = file.text.replaceAll(
            /\bimport\("node:([\w/]+)"\)/g,
            'Promise.resolve(process.getBuiltinModule("node:$1"))',
          );
          file.contents = new TextEncoder().encode(text);
        }
      });
    },
  };
}

const neverUsed = /^(bowser|@smithy\/core\/event-streams)$/;
const sharedConfigFiles = /[\\/]node-config-provider[\\/]fromSharedConfigFiles\.js$/;
const clientManifest = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/;

/** What of the AWS SDK no function can reach: a browser's user agent, event streams, `~/.aws/config`, manifests. */
export function leaveOut(): Plugin {
  return {
    name: 'leave-out',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: neverUsed }, ({ path, kind }) =>
        kind === 'dynamic-import' ? { path, namespace: 'left-out' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
        contents: `throw new Error('${path} is not in this bundle: see leaveOut in scripts/bundle-plugins.ts');`,
      }));
      onLoad({ filter: sharedConfigFiles }, () => ({
        contents: `
          const none = Object.assign(new Error('Lambda has no shared config files.'), { tryNextLink: true });
          export const fromSharedConfigFiles = () => async () => { throw none; };`,
      }));
      onLoad({ filter: clientManifest }, async ({ path }) => {
        const { version } = JSON.parse(await readFile(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
    },
  };
}

/** `steps/<name>` for the steps of providers, so that a stack can copy those that its sources use; else `<name>`. */
function outputOf(file: string): string {
  const name = basename(file).replace(/\.ts$/, '');
  return basename(dirname(file)) === 'steps' ? `steps/${name}` : name;
}

/**
 * Each module of ours that is imported dynamically becomes a file of its own.
 *
 * @param output the bundle that is being made
 * @param modules where the modules that it imports are added, unless they are there already
 */
export function lazyModules(output: string, modules: LazyModule[]): Plugin {
  return {
    name: 'lazy-modules',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, kind, importer, resolveDir }) => {
        if (kind !== 'dynamic-import' || importer.split(/[\\/]/).includes('node_modules')) return undefined;
        const file = resolve(resolveDir, path);
        const target = outputOf(file);
        const known = modules.find((module) => module.output === target);
        if (known === undefined) modules.push({ output: target, file });
        else if (known.file !== file) {
          return {
            errors: [{ text: `${file} and ${known.file} would both become ${target}.mjs: rename one.` }],
          };
        }
        const from = posix.dirname(output);
        return { path: `./${posix.relative(from, `${target}.mjs`)}`, external: true };
      });
    },
  };
}
