// The images of this build by name, each built once. Building is costly (a few thousand inodes), the result is frozen and shared by all labs.
import { buildImage, type CommandFile, type Image, type ImageSpec } from './image';
import { debian12 } from './debian_12';
import { el } from './el';

export const IMAGE_SPECS: readonly ImageSpec[] = Object.freeze([el, debian12]);

/** Builds all images with the commands of this build. The lab floor calls it once and keeps the result. */
export function buildImages(commands: readonly CommandFile[]): Readonly<Record<string, Image>> {
  return Object.freeze(Object.fromEntries(IMAGE_SPECS.map((spec) => [spec.name, buildImage(spec, commands)])));
}
