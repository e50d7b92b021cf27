// Panes that load by themselves: the terminals do not wait for them.
import { type ComponentType, type JSX, useEffect, useState } from 'react';

// The drawing's library is large. Asked for as soon as this file is here; shown by a change of state, because what a Suspense boundary waited for
// is drawn in small pieces and begun again whenever the running lab changes another pane, which for two hundred hosts took longer than all the rest.
let Drawing: ComponentType | null = null;
const asked = import('../topology/Topology').then((m) => { Drawing = m.Topology; });
asked.catch(() => {}); // the pane that needs it says so

export function Topology(): JSX.Element {
  const [state, set] = useState<{ failed?: unknown }>({});
  useEffect(() => {
    if (Drawing === null) void asked.then(() => set({}), (failed: unknown) => set({ failed }));
  }, []);
  if (state.failed !== undefined) throw state.failed;
  return Drawing === null ? <section className="pane" style={{ flex: 1, height: '100%' }}><div className="ph" /><div className="topo" /></section> : <Drawing />;
}
