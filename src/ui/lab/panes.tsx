// Panes that load when they are first shown.
import { type JSX, lazy, Suspense } from 'react';

// The drawing's library is large and the terminals must not wait for it.
const Drawing = lazy(() => import('../topology/Topology').then((m) => ({ default: m.Topology })));
export const Topology = (): JSX.Element => <Suspense fallback={<section className="pane" style={{ flex: 1, height: '100%' }}><div className="ph" /><div className="topo" /></section>}><Drawing /></Suspense>;
