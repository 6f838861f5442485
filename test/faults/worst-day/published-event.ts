import { BUCKET, URI } from './receiver.ts';

/** A message that the topic took, as its subscribers will read it. */
export interface PublishedEvent {
  /** `count count-2.3`: what dedups it. */
  readonly key: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly verdict: string;
  readonly sequence?: string;
  readonly repeatof?: string;
  readonly receivedtime: string;
  /** JSON of the payload without what may differ between two copies. */
  readonly payload: string;
  /** Of the resource that it carries, fetched or sent; undefined where it carries none. */
  readonly state?: number;
  /** The resource as the provider's API gave it. */
  readonly resource?: Readonly<Record<string, unknown>>;
}

interface Fields {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly verdict: string;
  readonly sequence?: string;
  readonly repeatof?: string;
  readonly receivedtime: string;
  readonly dataref?: string;
  readonly data?: Data;
}

interface Data {
  readonly payload: { readonly attempt?: number; readonly thing?: { readonly n?: number } };
  readonly resource?: { readonly n?: number } & Readonly<Record<string, unknown>>;
}

/** @param objects of the bucket, where large events lie. */
export function readPublished(message: string, objects: ReadonlyMap<string, Buffer>): PublishedEvent {
  const { dataref, data: own, source: uri, ...fields } = JSON.parse(message) as Fields;
  const data = own ?? stored(dataref, objects);
  const source = uri.slice(URI.length + 1);
  const { attempt: _, ...payload } = data.payload;
  const n = data.resource === undefined ? payload.thing?.n : data.resource.n;
  return {
    ...fields,
    source,
    key: `${source} ${fields.id}`,
    payload: JSON.stringify(payload),
    ...(n === undefined ? {} : { state: n }),
    ...(data.resource && { resource: data.resource }),
  };
}

function stored(dataref: string | undefined, objects: ReadonlyMap<string, Buffer>): Data {
  const object = objects.get(dataref?.slice(`s3://${BUCKET}/`.length) ?? '');
  if (object === undefined) throw new TypeError(`nothing lies at ${dataref}`);
  return (JSON.parse(object.toString()) as { readonly data: Data }).data;
}
