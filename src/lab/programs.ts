// All programs of this build by name, and the images built with them. Built once, frozen, shared by every lab.
import { commands } from '../commands/index';
import type { Programs } from '../host/host';
import type { Image } from '../host/images/image';
import { buildImages } from '../host/images/images';
import type { Program } from '../host/process';
import { bash, dash } from '../shell/bash';

const byName = Object.freeze(new Map<string, Program>([...commands.map((c): [string, Program] => [c.name, c]), ['bash', bash], ['dash', dash]]));

export const programs: Programs = Object.freeze({ get: (name: string) => byName.get(name) });

let images: Readonly<Record<string, Image>> | null = null;

/** An image by name. Building all takes a moment the first time. */
export function imageOf(name: string): Image {
  images ??= buildImages([
    ...commands.map((c) => ({ name: c.name, path: c.path, package: c.package })),
    { name: 'bash', path: '/usr/bin/bash', package: 'bash' },
    { name: 'dash', path: '/usr/bin/dash', package: 'dash' },
  ]);
  const image = images[name];
  if (image === undefined) throw new Error(`no image ${name}`);
  return image;
}
