// The engine as the screen sees it: the lab and its plain views, and nothing else.
import type { Lab } from '../lab/lab';
import type { FrameView, StepView, TraceView } from '../lab/trace';
import type { HostView } from '../lab/views';

export { flowAccount, type FlowAccount, type FlowHop } from '../lab/flow';
export { layersOf } from '../lab/layers';
export type { FrameView, HostView, StepView, TraceView };
export type LabLike = Lab;
