// Text at the edge: what ui, cli and lesson need to turn the engine's byte strings into Unicode and back.
export { hash32 } from '../lib/rng';
export { type Bytes, textWidth, utf8Decode, utf8Encode } from '../lib/text';
